import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { withSessions } from '../../src/adapters/node.ts'
import { createSessions, type Sessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { StoreUnderTest } from '../../src/testing/adapter-contract/store-under-test.ts'
import type { Visit } from '../../src/web/visit.ts'
import { listen } from './listen.ts'

export type Handle = (response: ServerResponse, visit: Visit, request: IncomingMessage) => unknown

export interface Answered {
  readonly status: number | undefined
  readonly message: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface House {
  readonly auth: Sessions<{ readonly [key: string]: unknown }>
  readonly store: StoreUnderTest
  readonly errors: unknown[]
  /** The cookie of a session that stands. */
  readonly cookie: string
  readonly id: string
  readonly port: number
  ask(headers?: { [name: string]: string }, method?: string): Promise<Answered>
  /** The stored data of the session that stands. */
  data(): Promise<unknown>
}

/** A server with one handler, and somebody who is logged in. */
export async function withHouse(handle: Handle, run: (house: House) => Promise<void>): Promise<void> {
  const store = new StoreUnderTest(memory())
  const errors: unknown[] = []
  const auth = createSessions({
    store: store.store,
    sweepEvery: null,
    onWarning: () => {},
    onError: (error) => errors.push(error),
  })
  const { session, token } = await auth.start({ subject: 'u-1' })
  const served = await listen(
    withSessions(auth, (request, response, visit) => handle(response, visit, request)),
  )
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const cookie = `${auth.web.cookie}=${token.reveal()}`
  const ask = (headers = {}, method = 'GET'): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const sent = request(served.url, { method, agent, headers: { cookie, ...headers } }, (response) => {
        const { statusCode: status, statusMessage: message, headers } = response
        text(response).then((body) => resolve({ status, message, headers, body }), reject)
      })
      sent.on('error', reject).end()
    })
  const data = async (): Promise<unknown> => ({ ...(await auth.data.read(session.id)) })
  const port = Number(new URL(served.url).port)
  try {
    await run({ auth, store, errors, cookie, id: session.id, port, ask, data })
  } finally {
    agent.destroy()
    await served.close()
    await auth.close()
  }
}
