/**
 * A process of its own that logs one subject in, all at once, as often as told, under a limit. It says `ready`, waits for a
 * line, and prints the ids of its sessions as JSON: `node login-process.ts <url> <logins> <limit> <seed>`.
 */
import { once } from 'node:events'
import { createEngine } from '../../src/engine/index.ts'
import { browser, secret } from '../engine/an-engine.ts'
import { storeAt } from './store-at.ts'

const [url = '', logins = '', most = ''] = process.argv.slice(2)
const store = await storeAt(url)
const engine = createEngine({
  store,
  secret,
  // Many at once wait for each other.
  policy: { limit: Number(most), storeTimeout: '1m' },
  sweepEvery: null,
  onError: (error) => {
    throw error
  },
})
await store.find('nobody')
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.destroy()
const request = { userAgent: browser, ip: '203.0.113.7', passive: false }
const started = await Promise.all(
  Array.from({ length: Number(logins) }, async () => await engine.start({ subject: 'u-1', request })),
)
process.stdout.write(JSON.stringify(started.map(({ session }) => session.id)))
await engine.close()
