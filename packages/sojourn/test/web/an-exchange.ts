import type { Exchange } from '../../src/web/exchange.ts'

/** A request in memory, and what its answer was given. */
export class AnExchange implements Exchange {
  readonly method: string
  readonly url: string
  readonly ip: string | undefined
  /** The headers of the answer, as they were added. */
  readonly answer: (readonly [name: string, value: string])[] = []
  readonly #headers: { readonly [name: string]: string }

  constructor(
    headers: { readonly [name: string]: string } = {},
    {
      method = 'GET',
      url = 'https://app.example/page',
      ip,
    }: { method?: string; url?: string; ip?: string } = {},
  ) {
    this.#headers = headers
    this.method = method
    this.url = url
    this.ip = ip
  }

  header(name: string): string | undefined {
    return this.#headers[name]
  }

  appendHeader(name: string, value: string): void {
    this.answer.push([name, value])
  }

  /** The values of one header of the answer. */
  answered(name: string): readonly string[] {
    return this.answer.filter(([other]) => other === name).map(([, value]) => value)
  }
}
