import assert from 'node:assert/strict'
import { minute, newSession, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, type Laws, many, standing } from './law.ts'

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

  async 'R-24 regenerate: what a factor proved is written with the new secret, or not at all'(store) {
    const entry = newSession({ secretHash: 'first', idleTimeout: null, restored: true })
    await createAll(store, [entry])
    const { id } = entry.session
    const factors = [{ amr: 'otp', at: start + 5 }]
    const elevation = {
      assurance: 2,
      amr: ['pwd', 'otp'],
      authenticatedAt: start + 5,
      factors,
      restored: false,
      expiresAt: start + minute,
    } as const
    assert.equal(await store.regenerate(id, 'other', 'second', start + 5, elevation), 'lost')
    assert.deepEqual((await standing(store, id)).session, entry.session)
    assert.equal(await store.regenerate(id, 'first', 'second', start + 5, elevation), 'regenerated')
    factors.push({ amr: 'later', at: 0 })
    const elevated = { ...entry.session, ...elevation, regeneratedAt: start + 5 }
    assert.deepEqual((await standing(store, id)).session, {
      ...elevated,
      factors: [{ amr: 'otp', at: start + 5 }],
    })
    await store.sweep(start + minute + 1, { limit: 10, purgeBefore: 0 })
    assert.deepEqual(
      await endOf(store, id),
      [start + minute, 'absolute_timeout'],
      'its new end is not missed',
    )
  },

  async 'regenerate: of many elevations from one secret at once, that of the winner is written'(store) {
    const entry = newSession({ secretHash: 'first' })
    await createAll(store, [entry])
    const { id } = entry.session
    const results = await atOnce(many, (index) => {
      const at = start + index
      const proven = { assurance: 2, amr: [`otp-${index}`], factors: [], restored: false } as const
      const elevation = { ...proven, authenticatedAt: at, expiresAt: null }
      return store.regenerate(id, 'first', `second-${index}`, at, elevation)
    })
    const winner = results.indexOf('regenerated')
    const { session, secretHash } = await standing(store, id)
    assert.deepEqual([session.amr, secretHash], [[`otp-${winner}`], `second-${winner}`])
    assert.equal(session.expiresAt, null)
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
