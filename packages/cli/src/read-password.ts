import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Terminal } from './terminal.ts'
import { UsageError } from './failure.ts'

/** A new password: asked for twice at a terminal, which does not show it, or the first line of what is piped in. */
export async function readPassword(terminal: Terminal): Promise<string> {
  if (terminal.input.isTTY !== true) {
    const [line = ''] = (await text(terminal.input)).split(/\r?\n/, 1)
    if (line === '') throw new UsageError('expected a password on standard input, or --generate')
    return line
  }
  const password = await askHidden('Password: ', terminal)
  if ((await askHidden('Once more: ', terminal)) !== password)
    throw new UsageError('the two passwords differ')
  return password
}

async function askHidden(question: string, { input, tell }: Terminal): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const asked = createInterface({ input, output: nowhere, terminal: true })
  tell(question)
  try {
    return await asked.question('')
  } finally {
    asked.close()
    tell('\n')
  }
}
