import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange, Reply } from '../web/exchange.ts'
import { targetUrl } from '../web/target-url.ts'

/** Node's request and response as the web layer sees them. Frameworks that stand on Node share it. */
export class NodeExchange implements Exchange {
  readonly #request: IncomingMessage
  readonly #answer: Pick<Exchange, 'appendHeader'>

  /** `answer` takes the headers: the response, or what holds it. */
  constructor(request: IncomingMessage, answer: Pick<Exchange, 'appendHeader'>) {
    this.#request = request
    this.#answer = answer
  }

  get method(): string {
    return this.#request.method ?? 'GET'
  }

  get url(): string {
    const { socket, headers } = this.#request
    // Express cuts `url` where a router is mounted and keeps the whole in `originalUrl`.
    const { originalUrl = this.#request.url ?? '/' } = this.#request as { originalUrl?: string }
    // HTTP/2 names the host in a header of its own.
    const { host = headers[':authority'] } = headers
    return targetUrl(originalUrl, host?.toString(), 'encrypted' in socket ? 'https' : 'http')
  }

  get ip(): string | undefined {
    return this.#request.socket.remoteAddress
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  appendHeader(name: string, value: string): void {
    this.#answer.appendHeader(name, value)
  }
}

/** What a handler may have said of its own body, which a reply takes back. */
const aboutBody = [
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Range',
  'Content-Type',
  'ETag',
  'Last-Modified',
  'Location',
  'Trailer',
  'Transfer-Encoding',
]

/** Answers with a reply of the web layer, in place of whatever a handler was about to say. */
export function sendReply(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const name of aboutBody) response.removeHeader(name)
  response.statusCode = status
  // HTTP/2 has no such words, and warns of them.
  if (Object.hasOwn(response, 'statusMessage')) response.statusMessage = ''
  for (const [name, value] of headers) response.setHeader(name, value)
  // Node frames nothing by itself any more once a length or an encoding was removed.
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.end(body)
}
