import { createInterface } from 'node:readline/promises'
import type { Terminal } from './terminal.ts'

/** Asks somebody at the terminal. Anything but yes is a no. */
export async function confirmed(question: string, { input, tell }: Terminal): Promise<boolean> {
  const lines = createInterface({ input })
  tell(question)
  try {
    return /^y(?:es)?$/i.test((await lines.question('')).trim())
  } finally {
    lines.close()
  }
}
