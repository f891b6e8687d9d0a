import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Config } from './config.ts'
import { answerMalformed } from './malformed.ts'
import type { Logger } from './logger.ts'
import type { Env } from './parts.ts'
import { headersForProxy, isForProxy, secure, securityHeaders } from './security-headers.ts'

/** How long a client may take, in milliseconds. */
export interface Patience {
  readonly headersTimeout: number
  /** For all of a request. */
  readonly requestTimeout: number
  /** Between two requests. */
  readonly keepAliveTimeout: number
  readonly connectionsCheckingInterval: number
}

export const patience: Patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
}

/** The HTTP end of the server. */
export class Listener {
  readonly #config: Config
  readonly #server: Server
  readonly #underWay = new Set<ServerResponse>()
  #closing = false

  constructor(config: Config, app: Hono<Env>, log: Logger, limits: Patience = patience) {
    this.#config = config
    const headers = securityHeaders(config.url.startsWith('https:'))
    const answer = getRequestListener(app.fetch)
    this.#server = createServer({ ...limits }, (request, response) => {
      secure(response, isForProxy(request.url) ? headersForProxy : headers)
      this.#follow(response)
      if (config.mode === 'serve') logAccess(log, request, response)
      void answer(request, response)
    })
    answerMalformed(this.#server, headers)
  }

  /** Resolves with the address once it accepts connections. */
  listen(): Promise<AddressInfo> {
    const { port, host } = this.#config
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ port, host }, () => {
        this.#server.off('error', reject)
        resolve(this.#server.address() as AddressInfo)
      })
    })
  }

  /** Accepts no more; resolves when the requests under way are answered, or `deadline` milliseconds later. */
  async close(deadline: number): Promise<void> {
    this.#closing = true
    for (const response of this.#underWay)
      if (!response.headersSent) response.setHeader('Connection', 'close')
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    const timer = setTimeout(() => this.#server.closeAllConnections(), deadline)
    await closed
    clearTimeout(timer)
  }

  #follow(response: ServerResponse): void {
    this.#underWay.add(response)
    if (this.#closing) response.setHeader('Connection', 'close')
    response.once('close', () => {
      this.#underWay.delete(response)
      // The connection of a client that asks no more would hold up the end for as long as it is kept alive.
      if (this.#closing) setImmediate(() => this.#server.closeIdleConnections())
    })
  }
}

/** One line a request, without its query, which may say where somebody was going. */
function logAccess(
  log: Logger,
  {
    method,
    url = '',
    socket,
  }: {
    readonly method?: string | undefined
    readonly url?: string | undefined
    readonly socket: { readonly remoteAddress?: string | undefined }
  },
  response: ServerResponse,
): void {
  const begun = performance.now()
  const [path] = url.split('?')
  const peer = socket.remoteAddress
  response.once('close', () => {
    const ms = Math.round(performance.now() - begun)
    const status = response.writableEnded ? response.statusCode : 'aborted'
    log.info({ method, path, status, ms, peer }, 'request')
  })
}
