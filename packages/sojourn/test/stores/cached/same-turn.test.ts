import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../src/core/store.ts'
import { cached } from '../../../src/stores/cached.ts'
import { memory } from '../../../src/stores/memory.ts'
import { FakeClock } from '../../../src/testing/clock.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll } from '../../../src/testing/store-contract/law.ts'
import { turn } from '../../engine/around.ts'
import { plain } from './plain.ts'

const ended = { at: start, reason: 'admin_revoked' } as const
const turns = [0, 1, 2, 3, 4, 5, 6, 7, 8]

/** What a store over one connection does whose answers come in one piece: they are told one after another, and then heard. */
for (const [who, isHeard] of [
  ['another node', true],
  ['this node', false],
] as const) {
  test(`P-19 an end by ${who} that is heard in the same turn as the answer of an earlier read keeps it out`, async () => {
    // How many turns of the queue lie between an answer and whoever hears of it, of the one and of the other.
    for (const [ofRead, ofEnd] of turns.flatMap((a) => turns.map((b) => [a, b] as const))) {
      const timing = new FakeClock(start)
      const store = memory()
      await createAll(store, [newSession({ id: 'a' })])
      const held: (() => void)[] = []
      let holds = false
      const later = async <T>(turns: number, call: () => T): Promise<Awaited<T>> => {
        const answer = await call()
        if (holds) await new Promise<void>((resolve) => held.push(resolve))
        for (let i = 0; i < turns; i++) await Promise.resolve()
        return answer
      }
      const behind: Store = {
        ...plain(store),
        find: (id) => later(ofRead, () => store.find(id)),
        end: (which, end) => later(ofEnd, () => store.end(which, end)),
        changes: (after, limit) =>
          later(ofEnd, () => store.changes?.(after, limit) ?? { changes: [], cursor: '', gap: true }),
      }
      const cache = cached(behind, { timing, staleness: '2s' })
      await cache.find('b')
      await turn()
      holds = true
      const read = cache.find('a')
      await turn()
      const done = isHeard
        ? store.end({ realm: 'main', id: 'a' }, ended)
        : cache.end({ realm: 'main', id: 'a' }, ended)
      timing.advance(isHeard ? 500 : 0)
      await turn()
      assert.equal(held.length, 2)
      holds = false
      for (const tell of held) tell()
      await done
      assert.equal((await read)?.session.endedAt, null, 'it began before the end')
      await turn()
      assert.equal((await cache.find('a'))?.session.endedAt, start, `${ofRead} and ${ofEnd}`)
      await cache.close?.()
    }
  })
}
