/** The other side of `Child`: answers each question of the parent, and ends with it. */
import { inspect } from 'node:util'

export function answerParent(answer: (question: never) => unknown): void {
  const reply = async ({ question }: { readonly question: never }): Promise<void> => {
    try {
      process.send?.({ value: await answer(question) })
    } catch (error) {
      process.send?.({ error: inspect(error) })
    }
  }
  process.on('message', (message) => void reply(message as { readonly question: never }))
  process.on('disconnect', () => process.exit())
}
