import assert from 'node:assert/strict'
import type { Found, Store } from '../../core/store.ts'
import { day, hour, minute, newSession, start } from '../fixtures.ts'
import { createAll, type Laws, sortedIds, standing } from './law.ts'
import { sweepAll } from './sweep.ts'

/** All that stands in a realm, by id. */
async function everything(store: Store, realm: string): Promise<readonly Found[]> {
  const { items } = await store.list({ realm, at: start, state: 'any', limit: 100 })
  return Promise.all(sortedIds(items).map((id) => standing(store, id)))
}

export const sweepRealmLaws: Laws = {
  async 'P-17 sweep: of one realm marks, purges, minimises and retires there alone; without one, everywhere'(
    store,
  ) {
    const realms = ['main', 'other'] as const
    const forever = { idleTimeout: null, expiresAt: null, createdAt: start }
    const made = realms.map((realm) => {
      const dead = { ...forever, realm, family: `f-${realm}`, rememberedUntil: start + minute }
      return {
        due: newSession({ realm }),
        covered: newSession({ ...forever, realm, method: 'saml' }),
        old: newSession({ ...forever, realm }),
        late: newSession({ ...forever, realm, data: { cart: ['a'] } }),
        dead: newSession({ ...dead, idleTimeout: minute }),
      }
    })
    const [mine, others] = made
    assert.ok(mine && others)
    await createAll(
      store,
      made.flatMap((of) => Object.values(of)),
    )
    for (const realm of realms) {
      await store.voidBefore({ realm, method: 'saml' }, { at: start, reason: 'account_disabled' })
      for (const { old, late } of made) {
        await store.end({ realm, id: old.session.id }, { at: start, reason: 'user_logout' })
        await store.end({ realm, id: late.session.id }, { at: start + 1, reason: 'user_logout' })
      }
    }
    const options = { limit: 10, purgeBefore: start + 1, minimiseBefore: start + 2 }
    const before = await everything(store, 'other')

    const first = await store.sweep(start + hour, { ...options, realm: 'main' })
    const ended = sortedIds(first.ended)
    assert.deepEqual(ended, [mine.due, mine.covered, mine.dead].map(({ session }) => session.id).toSorted())
    assert.deepEqual([first.purged, first.minimised, first.more], [1, 1, false])
    const second = await store.sweep(start + day, { ...options, purgeBefore: start + 2, realm: 'main' })
    assert.deepEqual([second.ended, second.purged], [[], 2])
    assert.deepEqual(await everything(store, 'other'), before, 'the other realm is as it was')
    const probe = newSession({ realm: 'other', method: 'saml', createdAt: start - 1 })
    await createAll(store, [probe])
    assert.notEqual((await standing(store, probe.session.id)).watermark, null, 'and so is its watermark')

    assert.equal((await store.sweep(start + hour, { ...options, limit: 2, realm: 'main' })).more, false)
    const last = await sweepAll(store, start + hour, 5, start + 1)
    const expected = [others.due, others.covered, others.dead, probe].map(({ session }) => session.id)
    assert.deepEqual(sortedIds(last.ended), expected.toSorted())
  },
}
