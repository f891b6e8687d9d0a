/**
 * A process of its own that presents refresh tokens, each several times at once. It says `ready`, waits for a line with the
 * tokens as JSON, and prints what came of each presentation: `node restore-process.ts <url> <times>`.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Store } from '../../src/core/store.ts'
import { createEngine } from '../../src/engine/index.ts'
import { browser, secret } from '../engine/an-engine.ts'
import { storeAt } from './store-at.ts'

const [url = '', times = ''] = process.argv.slice(2)
const store = await storeAt(url)
const statuses: string[] = []
const noting: Store['restore'] = async (...args) => {
  const result = await store.restore?.(...args)
  if (result === undefined) throw new TypeError('the store has no restore')
  statuses.push(result.status)
  return result
}
const engine = createEngine({
  store: new Proxy(store, {
    get: (target, key) => (key === 'restore' ? noting : (Reflect.get(target, key) as unknown)),
  }),
  secret,
  policy: { extends: 'stay-logged-in', storeTimeout: '1m' },
  sweepEvery: null,
  onError: (error) => {
    throw error
  },
})
await store.find('nobody')
process.stdout.write('ready\n')
const lines = createInterface(process.stdin)
const [line] = (await once(lines, 'line')) as [string]
lines.close()
process.stdin.destroy()
const tokens = JSON.parse(line) as string[]
const request = { userAgent: browser, ip: '203.0.113.7', passive: false }
const found = await Promise.all(
  tokens.map((token) =>
    Promise.all(
      Array.from({ length: Number(times) }, async () => {
        const restoration = await engine.restore(token, request)
        if (restoration.state !== 'restored') return restoration.state
        // Nothing that opens a session is printed.
        const { token: next, refresh } = restoration.started
        return createHash('sha256').update(`${next.reveal()} ${refresh?.reveal()}`).digest('base64url')
      }),
    ),
  ),
)
process.stdout.write(JSON.stringify({ statuses, found }))
await engine.close()
