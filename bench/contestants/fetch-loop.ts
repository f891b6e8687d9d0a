import type { Loop } from './contestant.ts'

type Handler = (request: Request) => Response | Promise<Response>

const people = 2_000
const each = 100

/**
 * Calls a Fetch handler, one request after the other, each with the cookie of a random one of so many people, made by
 * `logIn`. The answer is read, as a server would.
 */
export async function fetchLoop(
  handler: Handler,
  logIn: (subject: string) => string | Promise<string>,
): Promise<Loop> {
  const cookies: string[] = []
  for (let person = 0; person < people; person++) cookies.push(await logIn(`u-${person}`))
  const once = async (): Promise<void> => {
    const cookie = cookies[Math.floor(Math.random() * people)] ?? ''
    const response = await handler(new Request('http://localhost/', { headers: { cookie } }))
    const body = await response.text()
    if (response.status !== 200) throw new Error(`answered ${response.status}: ${body}`)
  }
  return {
    async batch() {
      for (let done = 0; done < each; done++) await once()
      return each
    },
  }
}
