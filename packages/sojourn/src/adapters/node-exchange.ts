import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange, Reply } from '../web/exchange.ts'

/** Node's request and response as the web layer sees them. Frameworks that stand on Node share it. */
export class NodeExchange implements Exchange {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request
    this.#response = response
  }

  get method(): string {
    return this.#request.method ?? 'GET'
  }

  get url(): string {
    const { socket, headers } = this.#request
    // Express cuts `url` where a router is mounted and keeps the whole in `originalUrl`.
    const { originalUrl = this.#request.url ?? '/' } = this.#request as { originalUrl?: string }
    const base = `${'encrypted' in socket ? 'https' : 'http'}://${headers.host ?? 'localhost'}`
    return originalUrl.startsWith('/') && URL.canParse(base + originalUrl)
      ? base + originalUrl
      : 'http://localhost/'
  }

  get ip(): string | undefined {
    return this.#request.socket.remoteAddress
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  appendHeader(name: string, value: string): void {
    this.#response.appendHeader(name, value)
  }
}

/** Answers with a reply of the web layer; what a handler had said of another body is taken back. */
export function sendReply(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const name of [
    'Content-Length',
    'Content-Encoding',
    'Content-Type',
    'ETag',
    'Last-Modified',
    'Location',
  ])
    response.removeHeader(name)
  response.statusCode = status
  for (const [name, value] of headers) response.setHeader(name, value)
  response.end(body)
}
