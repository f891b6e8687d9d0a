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
import type { Patience } from '../src/listener.ts'
import { jsonLines } from '../src/logger.ts'
import { createServer, type Server } from '../src/server.ts'
import { type Answer, Browser } from './browser.ts'

/** Cheap, so that tests are not about waiting. */
export const cheap = { memory: 64, passes: 1, lanes: 1 } as const
export const secret = 'a-secret-of-tests-that-is-long-enough'
export const password = 'correct horse battery'

export interface Given {
  readonly config?: Partial<Config>
  readonly store?: Store
  readonly passwords?: Passwords
  readonly patience?: Patience
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

/** A server of its own, over HTTP, with a clock that the test moves; it closes with the test. */
export async function aServer(t: TestContext, given: Given = {}): Promise<RunningTest> {
  const folder = await aFolder(t)
  const env = {
    PORT: '0',
    SOJOURN_HOST: '127.0.0.1',
    SOJOURN_SECRET: secret,
    SOJOURN_DATABASE: 'sqlite::memory:',
    ...given.env,
  }
  const config = { ...(await readConfig(env, folder, 'serve')), ...given.config }
  const clock = new FakeClock()
  const lines: string[] = []
  const answers: Answer[] = []
  const log = jsonLines({ write: (line) => void lines.push(line), level: 'debug', now: () => clock.now() })
  const passwords = given.passwords ?? new Passwords({ cost: cheap })
  const { store = memory(), patience } = given
  const server = await createServer(config, { log, clock, passwords, store, ...(patience && { patience }) })
  const { port } = await server.listen()
  t.after(() => server.close(0))
  const origin = `http://localhost:${port}`
  const browser = (userAgent?: string): Browser =>
    new Browser(origin, userAgent, (answer) => answers.push(answer))
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
