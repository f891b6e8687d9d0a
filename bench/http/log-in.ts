/** Logs so many people in, each with an account of their own, and returns their cookies as a `Cookie` header has them. */
export async function logIn(port: number, people: number): Promise<string[]> {
  const cookies: string[] = []
  let next = 0
  const oneAfterAnother = async (): Promise<void> => {
    while (next < people) {
      const person = next++
      const answer = await fetch(`http://127.0.0.1:${port}/login?as=u-${person}`, { method: 'POST' })
      const cookie = answer.headers.getSetCookie().map((line) => line.slice(0, line.indexOf(';')))
      if (!answer.ok || cookie.length !== 1) throw new Error(`login answered ${answer.status}`)
      cookies.push(...cookie)
      await answer.body?.cancel()
    }
  }
  await Promise.all(Array.from({ length: 16 }, oneAfterAnother))
  return cookies
}
