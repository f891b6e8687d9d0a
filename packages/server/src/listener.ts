import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { addressOf } from 'sojourn/web'
import { networkOf } from './accounts/network.ts'
import type { Config } from './config.ts'
import { Crowd } from './listener/crowd.ts'
import { type Patience, patienceFor } from './listener/patience.ts'
import { SlowClients } from './listener/slow-clients.ts'
import { answerMalformed, hangUp } from './malformed.ts'
import type { Env } from './parts.ts'
import { isForProxy, secure, type SecurityHeaders, securityHeaders } from './security-headers.ts'
import { followRequest, type Following } from './telemetry/follow-request.ts'

/** The HTTP end of the server. */
export class Listener {
  readonly #config: Config
  readonly #following: Following
  readonly #limits: Patience
  readonly #headers: SecurityHeaders
  readonly #server: Server
  /** All requests that are under way. */
  readonly #slow: SlowClients
  readonly #crowd: Crowd
  #connections = 0
  #checks: NodeJS.Timeout | undefined
  #closing = false

  constructor(config: Config, app: Hono<Env>, following: Following, limits: Partial<Patience> = {}) {
    this.#config = config
    this.#following = following
    this.#limits = { ...patienceFor(config), ...limits }
    this.#slow = new SlowClients(this.#limits)
    this.#crowd = new Crowd(this.#limits.mostOfOneNetwork)
    this.#headers = securityHeaders(config.url.startsWith('https:'))
    const answer = getRequestListener(app.fetch)
    this.#server = createServer({ ...this.#limits }, (request, response) => {
      if (!isForProxy(request.url)) secure(response, this.#headers)
      this.#follow(request, response)
      followRequest(following, request, response, () => {
        if (this.#admit(request, response)) void answer(request, response)
      })
    })
    this.#server.on('connection', (socket) => this.#welcome(socket))
    answerMalformed(this.#server, this.#headers, (code) => {
      if (code === 'ERR_HTTP_REQUEST_TIMEOUT') this.#cutOff('slow_request')
    })
  }

  /** How many requests are under way, and how many connections are open. */
  get load(): { readonly requests: number; readonly connections: number } {
    return { requests: this.#slow.underWay.size, connections: this.#connections }
  }

  /** Resolves with the address once it accepts connections. */
  listen(): Promise<AddressInfo> {
    const { port, host } = this.#config
    this.#checks = setInterval(() => this.#check(), this.#limits.connectionsCheckingInterval).unref()
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
    for (const response of this.#slow.underWay.keys())
      if (!response.headersSent) response.setHeader('Connection', 'close')
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    const timer = setTimeout(() => this.#server.closeAllConnections(), deadline)
    await closed
    clearTimeout(timer)
    clearInterval(this.#checks)
  }

  #follow(request: IncomingMessage, response: ServerResponse): void {
    this.#slow.follow(request, response)
    if (this.#closing) response.setHeader('Connection', 'close')
    response.once('close', () => {
      this.#slow.forget(response)
      // The connection of a client that asks no more would hold up the end for as long as it is kept alive.
      if (this.#closing) setImmediate(() => this.#server.closeIdleConnections())
    })
  }

  /** Closes a connection at once where its network has too many. Those of proxies are of nobody's network. */
  #welcome(socket: Socket): void {
    this.#connections += 1
    const isDirect = this.#config.trustProxy === 0
    const network = networkOf(socket.remoteAddress ?? null)
    const isIn = !isDirect || this.#crowd.enter(network)
    socket.once('close', () => {
      this.#connections -= 1
      if (isDirect && isIn) this.#crowd.leave(network)
    })
    if (isIn) return
    this.#cutOff('crowd')
    socket.destroy()
  }

  /**
   * Whether there is room for a request that a proxy hands on. Those without a body are not counted: nobody can be slow with
   * one, and the questions of proxies are among them.
   */
  #admit({ headers, socket }: IncomingMessage, response: ServerResponse): boolean {
    const { trustProxy } = this.#config
    const hasBody = headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined
    if (trustProxy === 0 || !hasBody) return true
    const asked = { ip: socket.remoteAddress, header: (name: string) => headers[name]?.toString() }
    const network = networkOf(addressOf(asked, trustProxy))
    if (this.#crowd.enter(network)) {
      response.once('close', () => this.#crowd.leave(network))
      return true
    }
    this.#cutOff('crowd')
    response.writeHead(429, { 'Retry-After': '5', Connection: 'close' }).end()
    return false
  }

  #check(): void {
    for (const { request, response, why } of this.#slow.find()) {
      this.#cutOff(why)
      this.#slow.forget(response)
      // Whoever does not take an answer takes no other, and nothing goes into the midst of one.
      if (why === 'slow_reader' || response.headersSent) request.socket.destroy()
      else hangUp(request.socket, '408 Request Timeout', this.#headers)
    }
  }

  #cutOff(why: string): void {
    this.#following.metrics?.cutOff(why)
    this.#following.log.debug({ event: 'client.cut_off', why }, 'a client was cut off')
  }
}
