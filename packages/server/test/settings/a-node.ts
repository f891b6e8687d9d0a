import type { TestContext } from 'node:test'
import type { Store } from 'sojourn'
import { memory } from 'sojourn/stores/memory'
import { FakeClock } from 'sojourn/testing/clock'
import { Passwords } from '../../src/accounts/passwords.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { jsonLines } from '../../src/logger.ts'
import { createServer, type Server } from '../../src/server.ts'
import { aFolder, cheap, password, secret } from '../a-server.ts'
import { Browser } from '../browser.ts'

export interface Node extends Server {
  readonly lines: readonly string[]
  browser(): Browser
  signedIn(email: string): Promise<Browser>
}

export interface Nodes {
  readonly clock: FakeClock
  readonly store: Store
  /** Another node of the same database and the same sessions. */
  start(more?: { readonly reread?: () => Promise<Config> }): Promise<Node>
}

/** Servers of one database and one store, each with an address of its own; they close with the test. */
export async function nodesOf(t: TestContext, database: string): Promise<Nodes> {
  const env = { PORT: '0', SOJOURN_HOST: '127.0.0.1', SOJOURN_SECRET: secret, SOJOURN_DATABASE: database }
  const config = await readConfig(env, await aFolder(t), 'serve')
  const clock = new FakeClock()
  const store = memory()
  return {
    clock,
    store,
    async start(more = {}) {
      const lines: string[] = []
      const write = (line: string): void => void lines.push(line)
      const log = jsonLines({ write, level: 'info', now: () => clock.now() })
      const passwords = new Passwords({ cost: cheap })
      const server = await createServer(config, { log, clock, passwords, store, ...more })
      t.after(() => server.close(0))
      const { port } = await server.listen()
      const browser = () => new Browser(`http://localhost:${port}`)
      return {
        ...server,
        lines,
        browser,
        async signedIn(email) {
          const one = browser()
          const { status } = await one.submit('/login', { email, password })
          if (status !== 303) throw new Error(`${email} could not sign in: ${status}`)
          return one
        },
      }
    },
  }
}

/** Waits for what no fake clock moves: databases. The test's own timeout is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}
