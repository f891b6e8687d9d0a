import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { CommandLine } from './command-line.ts'

export const secret = 'a-secret-of-tests-that-is-long-enough'

export interface RunningServer {
  readonly origin: string
  /** Signs in with a browser that has no script, and returns its cookie. */
  signIn(email: string, password: string): Promise<string>
  /** The own session as the API tells it. */
  session(cookie: string): Promise<{ readonly state: string; readonly reason: string | null }>
  /** Ends it by SIGTERM and returns its exit code. */
  stop(): Promise<number | null>
}

/** `sojourn serve` in the folder of the command line, on a free port. */
export async function aServer({ start }: CommandLine): Promise<RunningServer> {
  const child = start(['serve'], { PORT: '0', SOJOURN_HOST: '127.0.0.1', SOJOURN_SECRET: secret })
  assert.ok(child.stdout)
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  const { port } = JSON.parse(line) as { readonly port: number }
  const origin = `http://localhost:${port}`
  return {
    origin,
    async signIn(email, password) {
      const answer = await fetch(`${origin}/login`, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ email, password }),
        redirect: 'manual',
      })
      assert.equal(answer.status, 303, await answer.text())
      return answer.headers
        .getSetCookie()
        .map((cookie) => cookie.slice(0, cookie.indexOf(';')))
        .join('; ')
    },
    async session(cookie) {
      const answer = await fetch(`${origin}/api/v1/session`, { headers: { cookie } })
      return (await answer.json()) as { readonly state: string; readonly reason: string | null }
    },
    async stop() {
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      await closed
      return child.exitCode
    },
  }
}
