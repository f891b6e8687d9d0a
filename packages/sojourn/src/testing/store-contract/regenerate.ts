import assert from 'node:assert/strict'
import { minute, newSession, start } from '../fixtures.ts'
import { atOnce, createAll, type Laws, many, standing } from './law.ts'

export const regenerateLaws: Laws = {
  async 'P-21 JAD-22 regenerate: the secret is replaced in one step, and all else is kept'(store) {
    const entry = newSession({ secretHash: 'first', data: { cart: ['x'] } })
    await createAll(store, [entry])
    const { id } = entry.session
    assert.equal(await store.regenerate(id, 'first', 'second', start + 5), 'regenerated')
    const found = await standing(store, id)
    assert.deepEqual(found.session, { ...entry.session, regeneratedAt: start + 5 })
    assert.deepEqual([found.secretHash, found.previousHash, found.confirmed], ['second', 'first', false])
    assert.deepEqual({ ...found.data }, { cart: ['x'] })
  },

  async 'A-04 regenerate: only the immediate predecessor is kept'(store) {
    const entry = newSession({ secretHash: 'first' })
    await createAll(store, [entry])
    const { id } = entry.session
    await store.regenerate(id, 'first', 'second', start)
    assert.equal(await store.regenerate(id, 'first', 'other', start), 'lost')
    assert.equal(await store.regenerate(id, 'second', 'third', start + 1), 'regenerated')
    const found = await standing(store, id)
    assert.deepEqual([found.secretHash, found.previousHash], ['third', 'second'])
  },

  async 'regenerate: a new secret is unconfirmed, though the one before was confirmed'(store) {
    const entry = newSession({ secretHash: 'first' })
    await createAll(store, [entry])
    const { id } = entry.session
    await store.touch([{ id, at: start, lag: 0, confirm: 'first' }])
    assert.equal((await standing(store, id)).confirmed, true)
    await store.regenerate(id, 'first', 'second', start)
    assert.equal((await standing(store, id)).confirmed, false)
  },

  async 'A-04 regenerate: of many from one secret at once, one wins and the others are lost'(store) {
    const entry = newSession({ secretHash: 'first' })
    await createAll(store, [entry])
    const { id } = entry.session
    const results = await atOnce(many, (index) =>
      store.regenerate(id, 'first', `second-${index}`, start + index),
    )
    const winner = results.indexOf('regenerated')
    assert.equal(results.filter((result) => result === 'lost').length, many - 1)
    const { session, secretHash, previousHash } = await standing(store, id)
    assert.deepEqual(
      [secretHash, previousHash, session.regeneratedAt],
      [`second-${winner}`, 'first', start + winner],
    )
  },

  async 'P-21 regenerate: writes that run beside it are kept'(store) {
    const entry = newSession({ secretHash: 'first' })
    await createAll(store, [entry])
    const { id } = entry.session
    await atOnce(many, (index) =>
      index === many / 2
        ? store.regenerate(id, 'first', 'second', start)
        : store.write(id, { set: { [`k${index}`]: index } }, { at: start }),
    )
    const { data, secretHash } = await standing(store, id)
    assert.equal(Object.keys(data).length, many - 1)
    assert.equal(secretHash, 'second')
  },

  async 'P-02 regenerate: gone where it is missing, ended, expired or void, and nothing is written'(store) {
    const [ended, expired, covered] = [
      newSession({ secretHash: 'first' }),
      newSession({ secretHash: 'first', idleTimeout: minute }),
      newSession({ secretHash: 'first', realm: 'other' }),
    ]
    await createAll(store, [ended, expired, covered])
    const at = start + minute + 1
    await store.end({ realm: 'main', id: ended.session.id }, { at: start, reason: 'user_logout' })
    await store.voidBefore({ realm: 'other' }, { at: start, reason: 'maintenance' })
    assert.equal(await store.regenerate('nobody', 'first', 'second', at), 'gone')
    for (const { session } of [ended, expired, covered]) {
      assert.equal(await store.regenerate(session.id, 'first', 'second', at), 'gone')
      assert.equal((await standing(store, session.id)).secretHash, 'first')
    }
    assert.equal(
      await store.regenerate(expired.session.id, 'first', 'second', at - 1),
      'regenerated',
      'at its deadline',
    )
  },
}
