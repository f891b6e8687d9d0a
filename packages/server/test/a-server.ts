import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Store } from 'sojourn'
import { memory } from 'sojourn/stores/memory'
import { FakeClock } from 'sojourn/testing/clock'
import type { Account, Role } from '../src/accounts/account.ts'
import { Passwords } from '../src/accounts/passwords.ts'
import { type Config, readConfig } from '../src/config.ts'
import type { Patience } from '../src/listener/patience.ts'
import { jsonLines } from '../src/logger.ts'
import { createServer, type Server, type ServerParts } from '../src/server.ts'
import { aroundLine } from '../src/telemetry/request-trail.ts'
import { checkApiAnswer } from './api/check-api-answer.ts'
import { type Answer, Browser } from './browser.ts'
import { remotePlaces } from './remote-places.ts'
import { roundRobin } from './round-robin.ts'

/** Cheap, so that tests are not about waiting. */
export const cheap = { memory: 64, passes: 1, lanes: 1 } as const
export const secret = 'a-secret-of-tests-that-is-long-enough'
export const password = 'correct horse battery'

export interface Given {
  readonly config?: Partial<Config>
  readonly store?: Store
  readonly passwords?: Passwords
  readonly patience?: Partial<Patience>
  /** Variables of the environment. */
  readonly env?: { readonly [name: string]: string }
}

export interface RunningTest extends Server {
  readonly origin: string
  readonly clock: FakeClock
  /** What was logged, a line each. */
  readonly lines: readonly string[]
  /** What was answered to browsers. */
  readonly answers: readonly Answer[]
  browser(userAgent?: string): Browser
  /** A new account whose password is `password`. */
  person(
    email: string,
    more?: { readonly roles?: readonly Role[]; readonly sessionLimit?: number },
  ): Promise<Account>
  /** A browser that is signed in to the account; `more` is what it filled in beside. */
  signedIn(email: string, userAgent?: string, more?: { readonly [field: string]: string }): Promise<Browser>
}

/** How many nodes stand behind the address of a server, each request going to the next: `npm test` runs suites with one and with more. */
const nodes = Number(process.env['SOJOURN_TEST_NODES'] ?? 1)

/** A server of its own, over HTTP, with a clock that the test moves; it closes with the test. */
export async function aServer(t: TestContext, given: Given = {}): Promise<RunningTest> {
  const folder = await aFolder(t)
  const places = given.store === undefined ? await remotePlaces() : {}
  const env = {
    PORT: '0',
    SOJOURN_HOST: '127.0.0.1',
    SOJOURN_SECRET: secret,
    SOJOURN_DATABASE: nodes === 1 ? 'sqlite::memory:' : `sqlite:${join(folder, 'accounts.db')}`,
    ...places,
    ...given.env,
  }
  const config = { ...(await readConfig(env, folder, 'serve')), ...given.config }
  const clock = new FakeClock()
  const lines: string[] = []
  const answers: Answer[] = []
  const log = jsonLines({
    write: (line) => void lines.push(line),
    level: 'debug',
    now: () => clock.now(),
    around: aroundLine,
  })
  const passwords = given.passwords ?? new Passwords({ cost: cheap })
  const { patience } = given
  // Else the server opens the one of its settings.
  const store = given.store ?? ('SOJOURN_STORE' in places ? undefined : memory())
  const parts = { log, clock, passwords, ...(store && { store }), ...(patience && { patience }) }
  const server = await createServer(config, parts)
  t.after(() => server.close(0))
  const port = await behind(t, [server, ...(await furtherNodes(t, config, parts))])
  const origin = `http://localhost:${port}`
  const browser = (userAgent?: string): Browser =>
    new Browser(origin, userAgent, (answer, asked) => {
      answers.push(answer)
      checkApiAnswer(asked, answer)
    })
  return {
    ...server,
    origin,
    clock,
    lines,
    answers,
    browser,
    async person(email, { roles = ['user' as const], sessionLimit } = {}) {
      const more = sessionLimit === undefined ? {} : { sessionLimit }
      const account = await server.accounts.create({
        email,
        name: email,
        password,
        roles: [...roles],
        ...more,
      })
      if (account === undefined) throw new Error(`${email} is taken`)
      return account
    },
    async signedIn(email, userAgent, more = {}) {
      const one = browser(userAgent)
      const answer = await one.submit('/login', { email, password, ...more })
      if (answer.status !== 303)
        throw new Error(`${email} could not sign in: ${answer.status} ${answer.text}`)
      return one
    },
  }
}

async function furtherNodes(t: TestContext, config: Config, parts: ServerParts): Promise<readonly Server[]> {
  const further: Server[] = []
  while (further.length < nodes - 1) {
    const server = await createServer(config, parts)
    t.after(() => server.close(0))
    further.push(server)
  }
  return further
}

/** The port at which all of them answer. */
async function behind(t: TestContext, servers: readonly Server[]): Promise<number> {
  const ports: number[] = []
  for (const server of servers) ports.push((await server.listen()).port)
  if (ports.length === 1) return ports[0] ?? 0
  const { port, close } = await roundRobin(ports)
  t.after(close)
  return port
}

/** A folder that goes with the test. */
export async function aFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The public id of the session that a browser holds. */
export async function idOf(browser: Browser): Promise<string> {
  const { id } = (await browser.call('GET', '/api/v1/session')).json() as { readonly id: string | null }
  if (id === null) throw new Error('this browser holds no session')
  return id
}
