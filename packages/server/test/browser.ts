import { type IncomingHttpHeaders, request } from 'node:http'
import { CookieJar } from 'tough-cookie'

export const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0'
export const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Path and query of where it leads, or `undefined`. */
  readonly location: string | undefined
  json(): unknown
}

export interface Ask {
  readonly method?: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

type Heard = (answer: Answer, asked: { readonly method: string; readonly path: string }) => void

/** What a browser does of HTTP: it keeps cookies, and says where a request comes from and what it is for. */
export class Browser {
  readonly origin: string
  readonly userAgent: string
  readonly jar = new CookieJar()
  /** Hears every answer. */
  readonly #heard: Heard

  constructor(origin: string, userAgent = firefox, heard: Heard = () => {}) {
    this.origin = origin
    this.userAgent = userAgent
    this.#heard = heard
  }

  /** Follows a link or types an address; redirects are not followed. */
  go(path: string, headers: Ask['headers'] = {}): Promise<Answer> {
    return this.ask(path, { headers: { ...navigation, ...headers } })
  }

  /** Goes on to where the answers lead. */
  async open(path: string): Promise<Answer> {
    let answer = await this.go(path)
    for (let hop = 0; answer.location !== undefined && hop < 10; hop++)
      answer = await this.go(answer.location)
    return answer
  }

  /** Posts a form of a page of the same site. */
  submit(path: string, fields: { readonly [field: string]: string } = {}, headers: Ask['headers'] = {}) {
    return this.ask(path, {
      method: 'POST',
      headers: {
        ...navigation,
        origin: this.origin,
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    })
  }

  /** Calls the API as a script of a page of the same site. */
  call(method: string, path: string, body?: unknown, headers: Ask['headers'] = {}): Promise<Answer> {
    return this.ask(path, {
      method,
      headers: {
        accept: 'application/json',
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'cors',
        'sec-fetch-dest': 'empty',
        ...(method === 'GET' ? {} : { origin: this.origin }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** One request with the cookies of the jar. A header of the caller prevails, an empty one is left out. */
  async ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    const cookie = this.jar.getCookieStringSync(this.origin + path)
    const sent = { 'user-agent': this.userAgent, ...(cookie === '' ? {} : { cookie }), ...headers }
    const kept = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''))
    const answer = await exchange(this.origin, path, {
      method,
      headers: kept,
      ...(body === undefined ? {} : { body }),
    })
    for (const set of answer.headers['set-cookie'] ?? []) this.jar.setCookieSync(set, this.origin + path)
    this.#heard(answer, { method, path })
    return answer
  }

  /** The `Cookie` header that it would send. */
  get cookie(): string {
    return this.jar.getCookieStringSync(this.origin)
  }
}

const navigation = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

function exchange(origin: string, path: string, { method, headers, body }: Ask): Promise<Answer> {
  const { port, host } = new URL(origin)
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers: { host, ...headers }, agent: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response
          const location = headers.location?.replace(origin, '')
          resolve({ status, headers, text, location, json: () => JSON.parse(text) as unknown })
        })
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}
