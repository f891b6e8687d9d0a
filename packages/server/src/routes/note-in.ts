import { readForm } from '../form.ts'
import type { Asked } from '../parts.ts'

/** What an administrator noted in a form. */
export async function noteIn(asked: Asked): Promise<string | undefined> {
  return noteOf((await readForm(asked))('note'))
}

/** A note: one line, maybe empty; `undefined` where it is none. */
export function noteOf(written: string): string | undefined {
  const note = written.trim()
  return /^[^\p{Cc}]{0,200}$/u.test(note) ? note : undefined
}
