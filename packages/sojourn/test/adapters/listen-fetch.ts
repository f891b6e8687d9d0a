import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Served } from '../../src/testing/adapter-contract.ts'
import { listen } from './listen.ts'

/** Serves a handler of the Fetch standard over HTTP, as a runtime would. What it throws is answered with 500. */
export function listenFetch(
  handle: (request: Request, ip?: string) => Response | Promise<Response>,
): Promise<Served> {
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const response = await handle(requestOf(incoming), incoming.socket.remoteAddress)
    outgoing.statusCode = response.status
    outgoing.setHeaders(response.headers)
    if (response.body === null) outgoing.end()
    else await pipeline(Readable.fromWeb(response.body), outgoing)
  }
  return listen((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => {
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500).end()
    })
  })
}

function requestOf(incoming: IncomingMessage): Request {
  const { method = 'GET', url = '/', headers } = incoming
  const list = Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  const body = method === 'POST' ? { body: Readable.toWeb(incoming), duplex: 'half' as const } : {}
  return new Request(`http://${headers.host ?? 'localhost'}${url}`, { method, headers: list, ...body })
}
