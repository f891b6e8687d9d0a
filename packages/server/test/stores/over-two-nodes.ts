import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { idOf, password } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { type NodeProcess, startNode } from './node-process.ts'

/** A store that two nodes share, and what is done to it. */
export interface SharedStore {
  /** What `SOJOURN_STORE` says. */
  readonly url: string
  /** What `/readyz` says of it. */
  readonly storeName: string
  /** What must never be written anywhere. */
  readonly secret?: string
  /** Takes it away, and brings it back. */
  readonly outage?: { readonly kill: () => Promise<void>; readonly restart: () => Promise<void> }
  /** Whether it still has what it had when it is back. */
  readonly forgets?: boolean
  readonly stop?: () => Promise<void>
}

export interface TwoNodesOptions {
  readonly skip: string | false
  /** Whether it can be taken away from the servers. */
  readonly hasOutage?: boolean
  /** What each node is told besides. */
  readonly env?: { readonly [name: string]: string }
}

/** How late a node with the cache may be at most, in milliseconds. */
const bound = 1_000

/** What people do, over real HTTP, with two processes that have nothing in common but the store and the accounts. */
export function overTwoNodes(
  name: string,
  open: (folder: string) => Promise<SharedStore>,
  { skip, hasOutage = true, env = {} }: TwoNodesOptions,
): void {
  describe(`two servers over ${name}`, { skip }, () => {
    let folder = ''
    let store: SharedStore
    let nodes: readonly [a: NodeProcess, b: NodeProcess]
    let people = 0
    const start = (more: { readonly [name: string]: string } = {}): Promise<NodeProcess> =>
      startNode(folder, { ...env, SOJOURN_STORE: store.url, ...more })

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sojourn-nodes-'))
      store = await open(folder)
      const a = await start()
      nodes = [a, await start({ SOJOURN_CACHE: `${bound}ms` })]
    })
    after(async () => {
      for (const node of nodes ?? []) node.kill()
      await store?.stop?.()
      await rm(folder, { recursive: true, force: true })
    })

    /** Somebody new, signed in at the first node, and once more at the second. */
    async function aPerson(): Promise<{ readonly here: Browser; readonly there: Browser }> {
      const email = `uma-${++people}@example.com`
      const [here, there] = [nodes[0].browser(), nodes[1].browser()]
      assert.equal((await here.submit('/signup', { name: 'Uma', email, password })).status, 303)
      assert.equal((await there.submit('/login', { email, password })).status, 303)
      return { here, there }
    }

    test('JAD-01 JAD-20 JAD-21 whoever signs up at one is signed in at the other, and sees all their sessions at both', async () => {
      const { here, there } = await aPerson()
      const elsewhere = nodes[1].browser()
      const answer = await elsewhere.call('GET', '/api/v1/session', undefined, { cookie: here.cookie })
      assert.partialDeepStrictEqual(answer.json(), { state: 'active', id: await idOf(here) })
      for (const browser of [here, there])
        assert.deepEqual(await idsSeenBy(browser), [await idOf(here), await idOf(there)].toSorted())
    })

    test('P-11 a session that is ended at the one with the cache is refused by the other at its next request, with the reason', async () => {
      const { here, there } = await aPerson()
      assert.equal((await there.call('DELETE', `/api/v1/sessions/${await idOf(here)}`)).status, 204)
      assert.partialDeepStrictEqual((await here.call('GET', '/api/v1/session')).json(), {
        state: 'ended',
        reason: 'user_revoked',
      })
      assert.equal((await here.call('GET', '/api/v1/sessions')).status, 401)
      assert.equal((await there.call('GET', '/api/v1/sessions')).status, 200)
    })

    test('P-19 the one with the cache refuses it within the bound, counted from the answer', async () => {
      for (let round = 0; round < 5; round++) {
        const { here, there } = await aPerson()
        // It is kept by now.
        assert.equal((await there.call('GET', '/api/v1/sessions')).status, 200)
        const begun = performance.now()
        assert.equal((await here.call('DELETE', `/api/v1/sessions/${await idOf(there)}`)).status, 204)
        const ended = performance.now()
        let asked = ended
        while ((await there.call('GET', '/api/v1/sessions')).status === 200) {
          assert.ok(asked - ended <= bound, `it was let in ${asked - ended} ms after the end`)
          asked = performance.now()
        }
        assert.ok(asked - begun < bound * 10)
      }
    })

    if (hasOutage)
      test('R-73 A-30 P-23 while the store is down nobody is let in, and afterwards all goes on without a restart', async () => {
        const { outage, storeName, forgets = false } = store
        assert.ok(outage)
        const { here, there } = await aPerson()
        await outage.kill()
        for (const [node, browser, name] of [
          [nodes[0], here, storeName],
          [nodes[1], there, `cached ${storeName}`],
        ] as const) {
          const ready = await node.browser().go('/readyz')
          assert.equal(ready.status, 503)
          assert.partialDeepStrictEqual(ready.json(), { store: false, storeName: name, database: true })
          assert.equal(
            (await browser.submit('/login', { email: 'a@example.com', password: 'x' })).status,
            503,
          )
        }
        const refused = await here.call('GET', '/api/v1/sessions')
        assert.equal(refused.status, 503)
        assert.equal(refused.headers['set-cookie'], undefined)
        await outage.restart()
        for (const [node, browser] of [
          [nodes[0], here],
          [nodes[1], there],
        ] as const) {
          await untilReady(node)
          assert.equal((await browser.call('GET', '/api/v1/sessions')).status, forgets ? 401 : 200)
        }
        await aPerson()
      })

    test('at SIGTERM each closes its clients and ends with 0, and no secret was written anywhere', async () => {
      for (const node of nodes) {
        assert.equal(await node.stop(), 0)
        const lines = node.said().split('\n')
        assert.deepEqual(
          lines.filter((line) => store.secret !== undefined && line.includes(store.secret)),
          [],
        )
        assert.deepEqual(
          lines.filter((line) => line.includes('could not stop')),
          [],
        )
      }
    })
  })
}

async function idsSeenBy(browser: Browser): Promise<readonly string[]> {
  const answer = await browser.call('GET', '/api/v1/sessions')
  const { sessions } = answer.json() as { readonly sessions: readonly { readonly id: string }[] }
  return sessions.map(({ id }) => id).toSorted()
}

/** Asks until it is so; the time that the test may take is the limit. */
async function untilReady(node: NodeProcess): Promise<void> {
  while ((await node.browser().go('/readyz')).status !== 200)
    await new Promise((resolve) => setImmediate(resolve))
}
