import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  json(): {
    readonly type: string
    readonly timestamp: string
    readonly data: { readonly [name: string]: unknown }
  }
}

export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** Answers what comes from now on; 204 until it is told something else. */
  reply(answer: (response: ServerResponse, received: Received) => void): void
}

/** Somebody's HTTP server that is told of events. */
export async function aReceiver(t: Pick<TestContext, 'after'>): Promise<Receiver> {
  const received: Received[] = []
  let answer: (response: ServerResponse, received: Received) => void = (response) =>
    void response.writeHead(204).end()
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        json: () => JSON.parse(body) as ReturnType<Received['json']>,
      }
      received.push(one)
      answer(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, received, reply: (next) => void (answer = next) }
}
