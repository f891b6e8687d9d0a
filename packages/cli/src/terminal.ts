import type { Readable } from 'node:stream'

/** What a command has of the process around it. */
export interface Terminal {
  readonly env: { readonly [name: string]: string | undefined }
  /** The folder whose `sojourn.config.ts` and data are meant. */
  readonly folder: string
  readonly input: Readable & { readonly isTTY?: boolean }
  /** Results. */
  readonly print: (text: string) => void
  /** Everything else: questions, errors. */
  readonly tell: (text: string) => void
}

export const processTerminal: Terminal = {
  env: process.env,
  folder: process.cwd(),
  input: process.stdin,
  print: (text) => void process.stdout.write(text),
  tell: (text) => void process.stderr.write(text),
}
