import type { Exchange } from 'sojourn/web'
import { peerOf } from '../exchange.ts'
import type { Asked } from '../parts.ts'

/**
 * The request that a proxy asks about, as the library's web layer sees it: its method and address by what the proxy says of them, its
 * headers as they came, the answer's `Set-Cookie` kept. What a proxy says is believed where one is trusted (`trustProxy`);
 * else the request is about itself.
 */
export class ForwardedRequest implements Exchange {
  readonly method: string
  readonly ip: string | undefined
  /** What is to reach the browser. */
  readonly cookies: string[] = []
  readonly #asked: Asked
  readonly #isBelieved: boolean

  constructor(asked: Asked, trustProxy: number) {
    this.#asked = asked
    this.#isBelieved = trustProxy > 0
    this.ip = peerOf(asked)
    const method = this.#said('x-forwarded-method') ?? this.#said('x-original-method')
    this.method = method === undefined ? asked.req.method : method.toUpperCase()
  }

  /** Path and query of the original request; `undefined` where nobody has said, or where it is none. */
  get target(): string | undefined {
    const said = this.#said('x-forwarded-uri') ?? this.#said('x-original-uri')
    return said?.startsWith('/') ? said : undefined
  }

  /** The host is that of the connection: who is in front is asked by `originOf`. */
  get url(): string {
    const { origin } = new URL(this.#asked.req.url)
    const url = origin + (this.target ?? '/')
    return URL.canParse(url) ? url : `${origin}/`
  }

  header(name: string): string | undefined {
    // What speaks by `fetch` cannot say it of somebody else: its own takes the place.
    if (name === 'sec-fetch-mode')
      return this.#said('x-forwarded-sec-fetch-mode') ?? this.#asked.req.header(name)
    return this.#asked.req.header(name)
  }

  /** Nothing else of the web layer's concerns the answer to a proxy. */
  appendHeader(name: string, value: string): void {
    if (name === 'Set-Cookie') this.cookies.push(value)
  }

  #said(name: string): string | undefined {
    return this.#isBelieved ? this.#asked.req.header(name) : undefined
  }
}
