import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { unusable } from '../config/opened.ts'
import { patience } from '../listener/patience.ts'
import { isOfThisMachine, type MetricsPlace } from './metrics-place.ts'
import type { Metrics } from './metrics.ts'

/** Answers at an address of this machine with the metrics, and with nothing else. */
export class MetricsListener {
  readonly #place: Exclude<MetricsPlace, string>
  readonly #server: Server

  constructor(place: Exclude<MetricsPlace, string>, metrics: Metrics) {
    this.#place = place
    this.#server = createServer({ ...patience }, ({ method, url, headers }, response) => {
      if (method !== 'GET' && method !== 'HEAD') return answer(response, 405)
      if (url?.split('?')[0] !== '/metrics') return answer(response, 404)
      // A page of another site that has its name point here, in a browser of this machine, would read them else.
      if (!isOfThisMachine(hostOf(headers.host))) return answer(response, 421)
      metrics.text().then(
        (text) => answer(response, 200, text, metrics.contentType),
        () => answer(response, 500),
      )
    })
  }

  /** Resolves with the address once it accepts connections. */
  listen(): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(unusable('SOJOURN_METRICS', 'a port of this machine that is free', error)),
      )
      this.#server.listen(this.#place, () => resolve(this.#server.address() as AddressInfo))
    })
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    this.#server.closeAllConnections()
    await promise
  }
}

function hostOf(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}

function answer(
  response: ServerResponse,
  status: number,
  text = '',
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(text)
}
