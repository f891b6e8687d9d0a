import { parseArgs } from 'node:util'
import { nearest } from './nearest.ts'
import { UsageError } from './failure.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** What stands for its value in the help: `ID`. */
  readonly value?: string
  readonly says: string
}
export type Options = { readonly [name: string]: Option }

type Value<O extends Option> = O['type'] extends 'boolean'
  ? boolean
  : O['multiple'] extends true
    ? string[]
    : string

export interface Input<O extends Options> {
  readonly options: { readonly [Name in keyof O]?: Value<O[Name]> }
  readonly operands: readonly string[]
}

/** The options and operands of a command line. Throws a `UsageError` that says what was expected. */
export function readArguments<O extends Options>(
  args: readonly string[],
  options: O,
  operands: readonly string[],
): Input<O> {
  const { values, positionals, tokens } = parseArgs({
    args: args.includes('--') ? [...args] : [...args.filter((one) => !isId(one)), '--', ...args.filter(isId)],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { rawName, name } = token
    const option = Object.hasOwn(options, name) && rawName.startsWith('--') ? options[name] : undefined
    if (option === undefined) throw new UsageError(unknownOption(rawName, Object.keys(options)))
    if (option.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`${rawName} takes no value, got ${token.value}`)
    if (
      option.type === 'string' &&
      (token.value === undefined || (!token.inlineValue && token.value.startsWith('-')))
    )
      throw new UsageError(`${rawName} needs a value: ${rawName}=${option.value ?? 'VALUE'}`)
  }
  const surplus = positionals[operands.length]
  if (surplus !== undefined) throw new UsageError(`unexpected ${JSON.stringify(surplus)}`)
  return { options: values as Input<O>['options'], operands: positionals }
}

function unknownOption(name: string, known: readonly string[]): string {
  const meant = nearest(name.replace(/^-+/, ''), known)
  return `unknown option ${name}${meant === undefined ? '' : `; did you mean --${meant}?`}`
}

/** An id may begin with a dash; it is no option then. */
function isId(argument: string): boolean {
  return /^-[\w-]{21}$/.test(argument)
}
