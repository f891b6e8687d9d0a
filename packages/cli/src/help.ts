import { variables } from '@sojourn/server'
import type { Command } from './command.ts'

/** The first screen: every command alone, or with those that begin with the same word. */
export function overview(commands: readonly Command[]): string {
  return [
    'Usage: sojourn COMMAND [OPTIONS]',
    '',
    ...groups(commands),
    '',
    'Settings come from sojourn.config.ts in this folder, and from the environment:',
    ...wrapped(`${variables.join(', ')}.`),
    '',
    "'sojourn help COMMAND' tells more. --json prints for programs.",
    "'sojourn --version' tells which one this is.",
    'Exit codes: 0 done, 1 failed, 2 the command line was wrong.',
    '',
  ].join('\n')
}

/** The commands that begin with one word, for who knows that word alone. */
export function helpOfGroup(commands: readonly Command[]): string {
  const more = "'sojourn COMMAND --help' tells the options of a command."
  return ['Usage: sojourn COMMAND [OPTIONS]', '', ...rows(commands), '', more, ''].join('\n')
}

/** The help of one command. */
export function helpOf({ says, more = [], options, ...command }: Command): string {
  const rows = Object.entries(options).map(([name, option]) => ({
    name: `--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`,
    says: option.says,
  }))
  const width = Math.max(...rows.map(({ name }) => name.length))
  return [
    `Usage: sojourn ${usage(command)} [OPTIONS]`,
    '',
    `${says[0]?.toUpperCase()}${says.slice(1)}.`,
    ...(more.length > 0 ? ['', ...more] : []),
    '',
    'Options:',
    ...rows.map(({ name, says }) => `  ${name.padEnd(width)}  ${says}`),
    '',
  ].join('\n')
}

/** A line for each first word: what the command does, or the second words that it goes with. */
function groups(commands: readonly Command[]): readonly string[] {
  const byWord = Map.groupBy(commands, ({ name }) => name.split(' ')[0] ?? name)
  const width = Math.max(...[...byWord.keys()].map(({ length }) => length))
  return [...byWord].map(([word, group]) => {
    const seconds = group.flatMap(({ name }) => name.split(' ').slice(1))
    const says = seconds.length === 0 ? group[0]?.says : seconds.join(', ')
    return `  ${word.padEnd(width)}  ${says}`
  })
}

function rows(commands: readonly Command[]): readonly string[] {
  const width = Math.max(...commands.map((command) => usage(command).length))
  return commands.map((command) => `  ${usage(command).padEnd(width)}  ${command.says}`)
}

function usage({ name, operands = [] }: Pick<Command, 'name' | 'operands'>): string {
  return [name, ...operands].join(' ')
}

/** Words in lines of at most 80 columns. */
function wrapped(text: string): readonly string[] {
  return text.match(/\S.{0,78}\S(?= |$)/g) ?? []
}
