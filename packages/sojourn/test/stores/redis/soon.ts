/** Tries until it does not fail: a client takes a moment to find its server again. */
export async function soon<T>(run: () => T | Promise<T>, patience = 20_000): Promise<T> {
  const until = performance.now() + patience
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
