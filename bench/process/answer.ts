/** The other side of `Child`: answers each question of the parent, and ends with it. */
export function answerParent(answer: (question: never) => unknown): void {
  const reply = async ({ question }: { readonly question: never }): Promise<void> => {
    try {
      process.send?.({ value: await answer(question) })
    } catch (error) {
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  }
  process.on('message', (message) => void reply(message as { readonly question: never }))
  process.on('disconnect', () => process.exit())
}
