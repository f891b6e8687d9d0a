import { SessionError } from 'sojourn'
import packageOf from '../package.json' with { type: 'json' }
import type { Command } from './command.ts'
import { commands } from './commands/index.ts'
import { helpOf, helpOfGroup, overview } from './help.ts'
import { nearest } from './nearest.ts'
import type { Terminal } from './terminal.ts'
import { Failure, UsageError } from './failure.ts'

/** Runs one command line and tells how the process is to end: 0 done, 1 failed, 2 the command line was wrong. */
export async function run(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const wantsJson = args.includes('--json')
  try {
    await dispatch(args, terminal)
    return 0
  } catch (error) {
    const { code, message } = describe(error)
    if (wantsJson) terminal.tell(`${JSON.stringify({ error: { code, message } })}\n`)
    else terminal.tell(`sojourn: ${message}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<void> {
  const [first] = args
  if (first === '--version') return terminal.print(`sojourn ${packageOf.version}\n`)
  const asksHelp = first === 'help' || first === '--help' || first === '-h'
  const words = asksHelp ? args.slice(1) : args
  const command = commands.find(({ name }) => startsWith(words, name))
  if (command === undefined) {
    if (asksHelp && words.length === 0) return terminal.print(overview(commands))
    const group = commands.filter(({ name }) => name.startsWith(`${words[0]} `))
    const asksGroup = asksHelp ? words.length === 1 : words[1] === '--help' || words[1] === '-h'
    if (asksGroup && group.length > 0) return terminal.print(helpOfGroup(group))
    throw new UsageError(unknown(words))
  }
  if (asksHelp || args.includes('--help') || args.includes('-h')) return terminal.print(helpOf(command))
  await runCommand(command, words.slice(command.name.split(' ').length), terminal)
}

/** The help of a command is the way out of a wrong use of it. */
async function runCommand(command: Command, args: readonly string[], terminal: Terminal): Promise<void> {
  try {
    await command.run(args, terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`${error.message}\nSee 'sojourn ${command.name} --help'.`, { cause: error })
  }
}

function startsWith(words: readonly string[], name: string): boolean {
  return name.split(' ').every((word, at) => words[at] === word)
}

function unknown(words: readonly string[]): string {
  const [first] = words
  const names = commands.map(({ name }) => name)
  if (first === undefined) return "expected a command; 'sojourn help' lists them"
  const ofGroup = names.filter((name) => name.startsWith(`${first} `))
  if (ofGroup.length > 0 && (words[1] === undefined || words[1].startsWith('-')))
    return `expected one of: ${ofGroup.map((name) => `sojourn ${name}`).join(', ')}`
  const typed = words.slice(0, ofGroup.length > 0 ? 2 : 1).join(' ')
  const meant = nearest(words.slice(0, 2).join(' '), names) ?? nearest(typed, names)
  const hint = meant === undefined ? "'sojourn help' lists the commands" : `did you mean 'sojourn ${meant}'?`
  return `unknown command ${JSON.stringify(typed)}; ${hint}`
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof UsageError) return { code: 'usage', message: error.message }
  if (error instanceof Failure || error instanceof SessionError)
    return { code: error.code, message: error.message }
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) }
}
