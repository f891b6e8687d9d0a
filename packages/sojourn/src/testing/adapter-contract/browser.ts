import { type Agent, type IncomingHttpHeaders, request } from 'node:http'

type Headers = { readonly [name: string]: string | string[] }

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The `Set-Cookie` headers, as they came. */
  readonly cookies: readonly string[]
  readonly body: string
}

/** A request under way. */
export interface Sent {
  readonly reply: Promise<Reply>
  /** Whether the head of the answer has come. */
  hasAnswer(): boolean
}

/** What a browser of today says when somebody types an address or follows a link. */
const navigation: Headers = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
}

/** What it says when a script of the same origin fetches. */
const script: Headers = {
  accept: '*/*',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-origin',
}

/** What it says when it fetches a page in advance. */
export const prefetched: Headers = { 'sec-purpose': 'prefetch;prerender', 'sec-fetch-dest': 'document' }

/** A client with a cookie jar, which says what browsers say and can say what they never would. */
export class Browser {
  /** Values by name. */
  readonly jar = new Map<string, string>()
  /** The names of cookies that outlive it. */
  readonly #persistent = new Set<string>()
  readonly #base: URL
  readonly #agent: Agent

  constructor(base: string, agent: Agent) {
    this.#base = new URL(base)
    this.#agent = agent
  }

  /** The `Cookie` header that it sends. */
  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  get(path: string, headers: Headers = {}): Promise<Reply> {
    return this.send('GET', path, { ...script, ...headers }).reply
  }

  post(path: string, headers: Headers = {}, body = ''): Promise<Reply> {
    return this.send('POST', path, { ...script, ...headers }, body).reply
  }

  /** Opens a page, and goes nowhere from there. */
  open(path: string): Promise<Reply> {
    return this.send('GET', path, navigation).reply
  }

  /** Sends a form of the same origin, and goes nowhere from there. */
  submit(path: string, body = ''): Promise<Reply> {
    return this.send('POST', path, { ...navigation, 'sec-fetch-site': 'same-origin' }, body).reply
  }

  /** Closes the browser and opens it again. */
  restart(): void {
    for (const name of this.jar.keys()) if (!this.#persistent.has(name)) this.jar.delete(name)
  }

  /** Another browser with the same cookies. */
  copy(): Browser {
    const copy = new Browser(this.#base.href, this.#agent)
    for (const [name, value] of this.jar) copy.jar.set(name, value)
    for (const name of this.#persistent) copy.#persistent.add(name)
    return copy
  }

  /** Sends these headers and no others but its cookies. */
  send(method: string, path: string, headers: Headers = {}, body = ''): Sent {
    let answered = false
    const cookie = this.cookie === '' ? {} : { cookie: this.cookie }
    const reply = new Promise<Reply>((resolve, reject) => {
      const sent = request(new URL(path, this.#base), {
        method,
        agent: this.#agent,
        headers: { ...cookie, ...headers, ...(body === '' ? {} : { 'content-length': `${body.length}` }) },
      })
      sent.on('error', reject)
      sent.on('response', (response) => {
        answered = true
        const { statusCode: status = 0, headers } = response
        const cookies = headers['set-cookie'] ?? []
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => (text += piece))
        response.on('error', reject)
        response.on('end', () => {
          this.#keep(cookies)
          resolve({ status, headers, cookies, body: text })
        })
      })
      sent.end(body)
    })
    return { reply, hasAnswer: () => answered }
  }

  #keep(cookies: readonly string[]): void {
    for (const line of cookies) {
      const [, name = '', value = '', attributes = ''] = /^([^=]*)=([^;]*)(.*)$/.exec(line) ?? []
      if (/;\s*max-age=0\b/i.test(attributes)) this.jar.delete(name)
      else this.jar.set(name, value)
      if (/;\s*max-age=/i.test(attributes)) this.#persistent.add(name)
      else this.#persistent.delete(name)
    }
  }
}
