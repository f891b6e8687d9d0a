import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, jsonLines, Passwords, readConfig, type Server } from '@sojourn/server'

export interface SojournServer extends Server {
  /** Starts to listen, and tells where. */
  port(): Promise<number>
  /** An account that can sign in. */
  person(email: string): Promise<string>
}

export const password = 'correct horse battery'
const secret = 'a-secret-of-the-bench-that-is-long-enough'

interface Given {
  /** `SOJOURN_CACHE`. */
  readonly cache?: string
  /** Whether passwords are hashed as in production; else so cheaply that it does not show. */
  readonly hashes?: boolean
}

/** The whole server on its embedded stores in a folder of its own, as in production but for its log, which goes nowhere. */
export async function sojournServer({ cache = 'off', hashes = false }: Given): Promise<SojournServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const env = { PORT: '0', SOJOURN_HOST: '127.0.0.1', SOJOURN_SECRET: secret, SOJOURN_CACHE: cache }
  const config = await readConfig(env, folder, 'serve')
  const log = jsonLines({ write: () => {}, now: Date.now })
  const passwords = new Passwords(hashes ? {} : { cost: { memory: 8, passes: 1, lanes: 1 } })
  const server = await createServer(config, { log, passwords })
  return {
    ...server,
    port: async () => (await server.listen()).port,
    async person(email) {
      const account = await server.accounts.create({ email, name: email, password })
      if (account === undefined) throw new Error(`${email} is taken`)
      return account.id
    },
  }
}

/** People with a session each, and the cookie that holds it. */
export async function signedIn(server: SojournServer, people: number): Promise<readonly string[]> {
  const cookies: string[] = []
  const request = { ip: '127.0.0.1', userAgent: 'bench', passive: false }
  for (let i = 0; i < people; i++) {
    const subject = await server.person(`u-${i}@example.com`)
    const { token } = await server.sessions.start({ subject, method: 'password', request })
    cookies.push(`${server.sessions.web.cookie}=${token.reveal()}`)
  }
  return cookies
}
