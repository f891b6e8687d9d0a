import assert from 'node:assert/strict'
import type { Filter } from '../../core/store.ts'
import { hour, minute, newSession, newSessions, type SessionFields, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, idsOf, type Laws, listIds, many, sortedIds, standing } from './law.ts'

const at = start + minute
const end = { at, reason: 'bulk_revoked' } as const

export const endLaws: Laws = {
  async 'ROD-28 end: by id, and returns it as it ended'(store) {
    const [one, other] = [newSession(), newSession()]
    await createAll(store, [one, other])
    const ended = await store.end(
      { realm: 'main', id: one.session.id },
      { at, reason: 'admin_revoked', by: 'u-9' },
    )
    assert.deepEqual(ended, [{ ...one.session, endedAt: at, endReason: 'admin_revoked', endedBy: 'u-9' }])
    assert.deepEqual((await standing(store, one.session.id)).session, ended[0])
    assert.deepEqual(await endOf(store, other.session.id), [null, null])
  },

  async 'ROD-29 ROD-30 end: all of a subject, and all except one'(store) {
    const mine = newSessions(4)
    const [kept] = mine
    await createAll(store, [...mine, newSession({ subject: 'u-2' }), newSession({ realm: 'other' })])
    const except = kept?.session.id ?? ''
    const ended = await store.end({ realm: 'main', subject: 'u-1', except }, end)
    assert.deepEqual(
      sortedIds(ended),
      mine
        .slice(1)
        .map(({ session }) => session.id)
        .toSorted(),
    )
    assert.deepEqual(idsOf(await store.end({ realm: 'main', subject: 'u-1' }, end)), [except])
    assert.equal((await listIds(store, { subject: 'u-2' })).length, 1)
    assert.equal((await listIds(store, { realm: 'other' })).length, 1)
  },

  async 'end: each member of the filter matches alone, and all of them together'(store) {
    const fields: SessionFields = {
      subject: 'u-3',
      app: 'shop',
      method: 'saml',
      family: 'f',
      parent: 'p',
      actor: 'u-9',
      ip: '::1',
    }
    const members: Filter[] = (['subject', 'app', 'method', 'family', 'parent', 'actor', 'ip'] as const).map(
      (key) => {
        return { realm: 'main', [key]: fields[key] }
      },
    )
    for (const filter of members) {
      const [match, other] = [newSession(fields), newSession({ subject: 'u-4' })]
      await createAll(store, [match, other])
      assert.deepEqual(idsOf(await store.end(filter, end)), [match.session.id], Object.keys(filter).join())
      await store.end({ realm: 'main' }, end)
    }
    const all = Object.assign({}, ...members) as Filter
    const nearly = Object.keys(fields).map((key) => newSession({ ...fields, [key]: 'different' }))
    const match = newSession(fields)
    await createAll(store, [...nearly, match])
    assert.deepEqual(idsOf(await store.end(all, end)), [match.session.id])
    assert.deepEqual(idsOf(await store.end({ ...all, id: match.session.id }, end)), [])
  },

  async 'end: subject null names the guests, a realm alone names all of it'(store) {
    const [guest, member, elsewhere] = [
      newSession({ subject: null }),
      newSession(),
      newSession({ realm: 'other' }),
    ]
    await createAll(store, [guest, member, elsewhere])
    assert.deepEqual(idsOf(await store.end({ realm: 'main', subject: null }, end)), [guest.session.id])
    assert.deepEqual(idsOf(await store.end({ realm: 'main' }, end)), [member.session.id])
    assert.deepEqual(await endOf(store, elsewhere.session.id), [null, null])
    assert.deepEqual(await store.end({ realm: 'main', id: elsewhere.session.id }, end), [])
  },

  async 'end: unseenSince spares what was seen later, or may have been'(store) {
    const [before, exactly, after, maybe] = [
      newSession({ lastSeenAt: start + 9 }),
      newSession({ lastSeenAt: start + 10 }),
      newSession({ lastSeenAt: start + 11 }),
      newSession({ lastSeenAt: start + 9, lag: 2 }),
    ]
    await createAll(store, [before, exactly, after, maybe])
    const ended = await store.end({ realm: 'main', unseenSince: start + 10 }, end)
    assert.deepEqual(sortedIds(ended), [before.session.id, exactly.session.id].toSorted())
  },

  async 'P-11 end: idempotent; the first reason, moment and person stand'(store) {
    const { session } = newSession()
    await createAll(store, [newSession(session)])
    await store.end({ realm: 'main', id: session.id }, { at, reason: 'user_logout', by: 'u-1' })
    assert.deepEqual(
      await store.end({ realm: 'main', id: session.id }, { at: at - 1, reason: 'admin_revoked' }),
      [],
    )
    const found = await standing(store, session.id)
    assert.deepEqual(found.session, { ...session, endedAt: at, endReason: 'user_logout', endedBy: 'u-1' })
  },

  async 'end: of many at once, each session is ended by one of them'(store) {
    const entries = newSessions(10)
    await createAll(store, entries)
    const results = await atOnce(many, (index) =>
      store.end({ realm: 'main', subject: 'u-1' }, { ...end, by: `u-${index}` }),
    )
    const ended = results.flat()
    assert.deepEqual(sortedIds(ended), entries.map(({ session }) => session.id).toSorted())
    for (const session of ended) assert.deepEqual((await standing(store, session.id)).session, session)
  },

  async 'SLI-02 end: at its deadline it ends as told; one millisecond later at the deadline, by the timeout, by nobody'(
    store,
  ) {
    const [inTime, late] = [newSession({ lag: 10 }), newSession({ lag: 10 })]
    await createAll(store, [inTime, late])
    const deadline = start + 30 * minute + 10
    const how = { reason: 'user_logout', by: 'u-1' } as const
    const [first] = await store.end({ realm: 'main', id: inTime.session.id }, { ...how, at: deadline })
    const [second] = await store.end({ realm: 'main', id: late.session.id }, { ...how, at: deadline + 1 })
    assert.deepEqual(first, {
      ...inTime.session,
      endedAt: deadline,
      endReason: 'user_logout',
      endedBy: 'u-1',
    })
    assert.deepEqual(second, { ...late.session, endedAt: deadline, endReason: 'idle_timeout', endedBy: null })
  },

  async 'R-13 end: past its absolute timeout a session ends there, as absolute_timeout'(store) {
    const [absolute, both] = [
      newSession({ idleTimeout: null, expiresAt: start + hour }),
      newSession({ idleTimeout: hour, expiresAt: start + hour }),
    ]
    await createAll(store, [absolute, both])
    await store.end({ realm: 'main' }, { at: start + hour + 1, reason: 'user_logout' })
    assert.deepEqual(await endOf(store, absolute.session.id), [start + hour, 'absolute_timeout'])
    assert.deepEqual(await endOf(store, both.session.id), [start + hour, 'absolute_timeout'])
  },

  async 'end: a session without limits ends as told, however late'(store) {
    const entry = newSession({ idleTimeout: null, expiresAt: null })
    await createAll(store, [entry])
    await store.end({ realm: 'main' }, { at: start + 1e12, reason: 'maintenance' })
    assert.deepEqual(await endOf(store, entry.session.id), [start + 1e12, 'maintenance'])
  },
}
