import { type Input, type Options, readArguments } from './arguments.ts'
import type { Terminal } from './terminal.ts'

/** What every command takes. */
const common = { help: { type: 'boolean', says: 'print this help' } } as const satisfies Options

/** What every command takes that answers and ends. */
export const json = { json: { type: 'boolean', says: 'print JSON, for programs' } } as const satisfies Options

interface Description {
  /** `sessions list` */
  readonly name: string
  readonly says: string
  /** More lines for its own help. */
  readonly more?: readonly string[]
  /** What it takes without a name, one word each: `['ID']`. */
  readonly operands?: readonly string[]
}

interface Definition<O extends Options> extends Description {
  readonly options: O
  readonly run: (input: Input<O & typeof common>, terminal: Terminal) => Promise<void>
}

/** One command: what it is called, what it takes, what it does. Its help is made of this. */
export interface Command extends Description {
  readonly options: Options
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<void>
}

/** Ties the types of a command's options to what it does with them. */
export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  const options = { ...definition.options, ...common }
  const { operands = [] } = definition
  return {
    ...definition,
    options,
    run: async (args, terminal) => definition.run(readArguments(args, options, operands), terminal),
  }
}
