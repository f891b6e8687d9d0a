import { SessionError } from '../core/errors.ts'
import type { Exchange, Hold, Reply } from '../web/exchange.ts'

/** A request of the Fetch standard, and the headers that its answer will get. Frameworks that stand on Fetch share it. */
export class FetchExchange implements Exchange {
  readonly ip: string | undefined
  readonly #request: Request
  readonly #headers: (readonly [name: string, value: string])[] = []
  #hasLeft = false

  constructor(request: Request, ip?: string) {
    this.#request = request
    this.ip = ip
  }

  get method(): string {
    return this.#request.method
  }

  get url(): string {
    return this.#request.url
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined
  }

  appendHeader(name: string, value: string): void {
    this.#headers.push([name, value])
  }

  /** The adapter waits with every answer, until it has left. */
  readonly hold: Hold = () => {
    if (this.#hasLeft)
      throw new SessionError(
        'response_started',
        'the answer has left already: log in, log out and write to the session before it',
      )
  }

  /** The response with what the session adds to it. `changed`: an answer that no cache may keep, whatever the handler says. */
  answer(response: Response, changed: boolean): Response {
    this.#hasLeft = true
    // An error and an upgrade carry no headers.
    if (response.status < 200) return response
    const answer = withOwnHeaders(response)
    for (const [name, value] of this.#headers) {
      if (name === 'Set-Cookie' || name === 'Vary') addTo(answer.headers, name, value)
      else if (changed || !answer.headers.has(name)) answer.headers.set(name, value)
    }
    if (changed) answer.headers.set('Cache-Control', 'no-store')
    return answer
  }
}

/** A reply of the web layer as a `Response`. */
export function responseOf({ status, headers, body }: Reply): Response {
  return new Response(body, {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  })
}

function addTo(headers: Headers, name: string, value: string): void {
  if (name === 'Vary' && headers.get(name)?.includes(value) === true) return
  headers.append(name, value)
}

/** Headers of a response that came from elsewhere cannot be changed; those of a copy can. */
function withOwnHeaders(response: Response): Response {
  try {
    response.headers.delete('x-none')
    return response
  } catch {
    return new Response(response.body, response)
  }
}
