import assert from 'node:assert/strict'
import type { ListQuery } from '../../core/store.ts'
import { hour, minute, newSession, newSessions, type SessionFields, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, idsOf, type Laws, listIds, standing } from './law.ts'

const query = { realm: 'main', at: start, state: 'live', limit: 10 } as const

export const listLaws: Laws = {
  async 'SLI-19 list: whole records, newest first, then by id, of one realm'(store) {
    const entries = [
      newSession({ id: 'b', createdAt: start - 1 }),
      newSession({ id: 'a', createdAt: start - 1 }),
      newSession({ id: 'c', createdAt: start }),
      newSession({ id: 'B', createdAt: start - 1 }),
      newSession({ id: 'd', createdAt: start - 2, subject: null }),
    ]
    await createAll(store, [...entries, newSession({ realm: 'other' })])
    const page = await store.list(query)
    assert.deepEqual(idsOf(page.items), ['c', 'B', 'a', 'b', 'd'])
    assert.equal(page.cursor, null)
    for (const item of page.items) assert.deepEqual(item, (await standing(store, item.id)).session)
    assert.deepEqual(await store.list({ ...query, realm: 'empty' }), { items: [], cursor: null })
  },

  async 'P-13 list: pages join without gap or duplicate, and the last has no cursor'(store) {
    await createAll(
      store,
      newSessions(21, (index) => ({ createdAt: start - Math.floor(index / 5) })),
    )
    const whole = idsOf((await store.list({ ...query, limit: 1000 })).items)
    assert.equal(whole.length, 21)
    for (const limit of [1, 2, 7, 20, 21])
      assert.deepEqual(await listIds(store, { limit }), whole, `pages of ${limit}`)
    const exact = await store.list({ ...query, limit: 21 })
    assert.equal(exact.cursor, null)
  },

  async 'P-13 list: a page is stable while others insert and end'(store) {
    const entries = newSessions(30, (index) => ({ createdAt: start - index }))
    await createAll(store, entries)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const next: { cursor?: string } = cursor === null ? {} : { cursor }
      const page = await store.list({ ...query, state: 'any', limit: 7, ...next })
      seen.push(...idsOf(page.items))
      cursor = page.cursor
      const last = page.items.at(-1)?.id ?? ''
      await atOnce(5, (index) => store.create(newSession({ createdAt: start + 1 + index })))
      await store.end({ realm: 'main', id: last }, { at: start, reason: 'admin_revoked' })
    } while (cursor !== null)
    assert.deepEqual(
      seen,
      entries.map(({ session }) => session.id),
    )
  },

  async 'P-13 list: a cursor outlives the removal of the session that it was made from'(store) {
    const entries = newSessions(4, (index) => ({ createdAt: start - index }))
    await createAll(store, entries)
    const [, second, third, fourth] = entries.map(({ session }) => session.id)
    const { cursor } = await store.list({ ...query, limit: 2 })
    assert.ok(cursor !== null)
    await store.end({ realm: 'main', id: second ?? '' }, { at: start, reason: 'user_logout' })
    await store.sweep(start, { limit: 10, purgeBefore: start + 1 })
    assert.equal(await store.find(second ?? ''), undefined)
    assert.deepEqual(idsOf((await store.list({ ...query, cursor })).items), [third, fourth])
  },

  async 'P-12 list: live, ended and any; what is over but not marked is only in any'(store) {
    const [live, ended, expired, covered, pending] = [
      newSession({ createdAt: start - 1, idleTimeout: minute }),
      newSession({ createdAt: start - 2 }),
      newSession({ createdAt: start - 3, idleTimeout: minute, lag: 0 }),
      newSession({ createdAt: start - 4, method: 'saml' }),
      newSession({ createdAt: start - 5, activatedAt: null }),
    ]
    await createAll(store, [live, ended, expired, covered, pending])
    await store.end({ realm: 'main', id: ended.session.id }, { at: start, reason: 'user_logout' })
    await store.voidBefore({ realm: 'main', method: 'saml' }, { at: start, reason: 'maintenance' })
    const at = live.session.lastSeenAt + minute
    assert.deepEqual(await listIds(store, { at }), [live.session.id, pending.session.id])
    assert.deepEqual(await listIds(store, { at, state: 'ended' }), [ended.session.id])
    assert.equal((await listIds(store, { at, state: 'any' })).length, 5)
    assert.deepEqual(await listIds(store, { at: at + 1 }), [pending.session.id])
  },

  async 'SLI-23 list: each member of the filter, alone and together, and the reason'(store) {
    const fields: SessionFields = {
      subject: 'u-3',
      app: 'shop',
      method: 'saml',
      family: 'f',
      parent: 'p',
      actor: 'u-9',
      ip: '::1',
    }
    const [match, seen, guest] = [
      newSession(fields),
      newSession({ lastSeenAt: start + 5 }),
      newSession({ subject: null, lastSeenAt: start + 5 }),
    ]
    await createAll(store, [match, seen, guest])
    const { id } = match.session
    const members: Partial<ListQuery>[] = Object.entries({ ...fields, id }).map(([key, value]) => ({
      [key]: value,
    }))
    for (const member of [
      ...members,
      { unseenSince: start },
      Object.assign({}, ...members) as Partial<ListQuery>,
    ]) {
      assert.deepEqual(await listIds(store, member), [id], Object.keys(member).join())
    }
    assert.deepEqual(await listIds(store, { id, subject: 'u-1' }), [])
    assert.deepEqual(await listIds(store, { subject: null }), [guest.session.id])
    assert.equal((await listIds(store, { except: id })).length, 2)
    await store.end({ realm: 'main', id }, { at: start, reason: 'user_logout' })
    await store.end({ realm: 'main', id: seen.session.id }, { at: start, reason: 'admin_revoked' })
    assert.deepEqual(await listIds(store, { state: 'ended', reason: 'user_logout' }), [id])
    assert.deepEqual(await listIds(store, { state: 'any', reason: 'admin_revoked' }), [seen.session.id])
    assert.deepEqual(await listIds(store, { state: 'live', reason: 'admin_revoked' }), [])
  },

  async 'SLI-25 list: restorable are those over for want of use, marked or not, while their refresh token lives'(
    store,
  ) {
    const remembered = { idleTimeout: minute, rememberedUntil: start + hour, family: 'f' }
    const [marked, unmarked] = [
      newSession({ ...remembered, createdAt: start - 1, idleTimeout: 1 }),
      newSession({ ...remembered, createdAt: start - 2 }),
    ]
    const others = [
      newSession({ ...remembered, idleTimeout: 2 * hour, createdAt: start - 3 }),
      newSession({ ...remembered, expiresAt: start - 4 + minute, createdAt: start - 4 }),
      newSession({ ...remembered, expiresAt: start + 1, createdAt: start - 5 }),
      newSession({ ...remembered, rememberedUntil: null, createdAt: start - 6 }),
      newSession({ ...remembered, createdAt: start - 7, method: 'saml' }),
      newSession({ ...remembered, createdAt: start - 8 }),
    ]
    await createAll(store, [marked, unmarked, ...others])
    await store.voidBefore({ realm: 'main', method: 'saml' }, { at: start, reason: 'maintenance' })
    const revoked = others.at(-1)?.session.id ?? ''
    await store.end({ realm: 'main', id: revoked }, { at: start, reason: 'user_logout' })
    await store.sweep(start + 1, { limit: 10, purgeBefore: 0 })
    assert.deepEqual(await endOf(store, marked.session.id), [start, 'idle_timeout'])
    const both = [marked.session.id, unmarked.session.id]
    const at = start + minute
    assert.deepEqual(await listIds(store, { state: 'restorable', at, limit: 1 }), both)
    assert.deepEqual(await listIds(store, { state: 'restorable', at: start + hour }), both)
    assert.deepEqual(await listIds(store, { state: 'restorable', at: start + hour + 1 }), [])
    assert.deepEqual(await listIds(store, { state: 'restorable', at: start + minute - 2 }), [
      marked.session.id,
    ])
    assert.deepEqual(await listIds(store, { state: 'restorable', at, subject: 'u-2' }), [])
    assert.ok((await listIds(store, { state: 'ended', at })).includes(marked.session.id))
  },

  async 'list: a filter pages as well as the whole does'(store) {
    await createAll(
      store,
      newSessions(40, (index) => ({
        createdAt: start - index,
        subject: `u-${index % 2}`,
        ip: `ip-${index % 4}`,
      })),
    )
    const pages = await listIds(store, { subject: 'u-1', ip: 'ip-3', limit: 3 })
    assert.equal(pages.length, 10)
    assert.deepEqual(pages, idsOf((await store.list({ ...query, ip: 'ip-3' })).items))
  },

  async 'list: what is no cursor, and a limit out of range, are refused as invalid_option'(store) {
    await createAll(store, newSessions(2))
    for (const cursor of [
      '',
      'x',
      '.',
      '12',
      '12.',
      '.a',
      'NaN.a',
      '1e9.a',
      '12 .a',
      ' ',
      '{}',
      '1'.repeat(30),
    ]) {
      await assert.rejects(
        async () => await store.list({ ...query, cursor }),
        { name: 'SessionError', code: 'invalid_option' },
        cursor,
      )
    }
    for (const limit of [0, -1, 1.5, 1001, NaN]) {
      await assert.rejects(async () => await store.list({ ...query, limit }), { code: 'invalid_option' })
    }
  },

  async 'P-09 list, end and sweep: what they return holds no hash and no data'(store) {
    const entries = newSessions(3, (index) => ({ idleTimeout: (index + 1) * minute }))
    for (const { session } of entries)
      await store.create(newSession({ ...session, secretHash: 'the-hash', data: { the: 'data' } }))
    const [first] = entries
    const answers = [
      await store.list({ ...query, state: 'any' }),
      await store.end({ realm: 'main', id: first?.session.id ?? '' }, { at: start, reason: 'user_logout' }),
      await store.sweep(start + 2 * minute + 1, { limit: 10, purgeBefore: start }),
      await store.create(newSession(), { limit: { most: 1, onExceed: 'evict' } }),
    ]
    for (const answer of answers) assert.doesNotMatch(JSON.stringify(answer), /the-hash|the"?:?"?data/)
  },
}
