import { readForm } from '../form.ts'
import type { Asked } from '../parts.ts'

/** What an administrator noted in a form: one line, maybe empty; `undefined` where it is none. */
export async function noteIn(asked: Asked): Promise<string | undefined> {
  const note = (await readForm(asked))('note').trim()
  return /^[^\p{Cc}]{0,200}$/u.test(note) ? note : undefined
}
