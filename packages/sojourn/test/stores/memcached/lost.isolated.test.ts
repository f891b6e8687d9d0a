import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { MemcachedRecords } from '../../../src/stores/memcached-records.ts'
import { systemTimer } from '../../../src/stores/timer.ts'
import { hour, minute, newSession, newSessions, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf, idsOf, listIds, standing } from '../../../src/testing/store-contract/law.ts'
import { openServer } from './server.ts'

const revoked = { at: start + minute, reason: 'admin_revoked' } as const

describe(
  'what memcached lets go is signed out, and brings nothing back',
  { skip: missing('memcached') },
  () => {
    const server = openServer(before, after)
    let made = 0

    /** Two nodes of one store, and how to lose records of it. */
    function open(): readonly [Store, Store, (kind: string, name?: string) => Promise<void>] {
      const options = { prefix: `${++made}:`, mostBytes: 1_000_000, patience: 5_000, timer: systemTimer }
      const records = new MemcachedRecords(server.client(), options)
      const [a, b] = server.nodes({ prefix: options.prefix })
      assert.ok(a !== undefined && b !== undefined)
      // Fails where nothing stands there.
      return [a, b, async (kind, name) => void (await server.client().delete(records.key(kind, name)))]
    }

    async function loseLists(lose: (kind: string) => Promise<void>): Promise<void> {
      const lists = Array.from({ length: 64 }, (_, number) => lose(`list${number}`))
      const results = await Promise.allSettled(lists)
      assert.ok(results.some(({ status }) => status === 'fulfilled'))
    }

    test('P-09 the place of a session: no node finds it, not even one that knew it', async () => {
      const [a, b, lose] = open()
      await createAll(a, [newSession({ id: 's' })])
      await Promise.all([standing(a, 's'), standing(b, 's')])
      await lose('place', 's')
      assert.deepEqual([await a.find('s'), await b.find('s')], [undefined, undefined])
      assert.deepEqual(await b.write('s', { set: { a: 1 } }, { at: start }), { status: 'gone' })
      assert.deepEqual(idsOf(await b.end({ realm: 'main', id: 's', subject: 'u-1' }, revoked)), ['s'])
      assert.deepEqual(await listIds(b), [])
    })

    test('P-09 the book of a subject: a new login brings back none of the sessions that were in it', async () => {
      const [a, b, lose] = open()
      await createAll(a, [newSession({ id: 'ended' }), newSession({ id: 'live' })])
      await a.end({ realm: 'main', id: 'ended' }, revoked)
      await lose('subject', 'u-1')
      assert.equal(await b.find('live'), undefined)
      const limit = { most: 1, onExceed: 'refuse' } as const
      assert.equal((await b.create(newSession({ id: 'new' }), { limit })).status, 'created')
      assert.deepEqual([await a.find('live'), await a.find('ended')], [undefined, undefined])
      assert.deepEqual(await listIds(a), ['new'])
    })

    test('P-09 the era, with the watermarks of a realm: all are signed out, for good', async () => {
      const [a, b, lose] = open()
      await createAll(a, [newSession({ id: 's' }), newSession({ id: 't', subject: 'u-2' })])
      await a.voidBefore({ realm: 'main', method: 'password' }, { at: start, reason: 'maintenance' })
      await lose('era')
      assert.equal(await b.find('s'), undefined)
      await createAll(b, [newSession({ id: 'new' })])
      assert.deepEqual([await a.find('s'), await a.find('t')], [undefined, undefined])
      assert.deepEqual(await listIds(a), ['new'])
    })

    test('P-09 the lists of books: an end of a realm ends those too that no list names any more', async () => {
      const [a, b, lose] = open()
      await createAll(a, [newSession({ id: 's' }), newSession({ id: 't', subject: 'u-2' })])
      await loseLists(lose)
      // Begun anew, the lists name others, and not those.
      await createAll(
        a,
        newSessions(200, (n) => ({ subject: `other-${n}` })),
      )
      await b.end({ realm: 'main' }, revoked)
      for (const id of ['s', 't']) assert.equal(await a.find(id), undefined, id)
      assert.deepEqual(await listIds(a), [])
    })

    test('P-09 the lists of books: an end of one subject or one session needs none of them', async () => {
      const [a, b, lose] = open()
      await createAll(a, [newSession({ id: 's' }), newSession({ id: 't', subject: 'u-2' })])
      await loseLists(lose)
      assert.deepEqual(idsOf(await b.end({ realm: 'main', subject: 'u-1' }, revoked)), ['s'])
      assert.deepEqual(idsOf(await b.end({ realm: 'main', id: 't' }, revoked)), ['t'])
    })

    test('P-09 the lists of books: a watermark stays over those that no sweep comes to', async () => {
      const [a, b, lose] = open()
      await createAll(a, [newSession({ id: 's', idleTimeout: null, expiresAt: null })])
      await a.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
      await loseLists(lose)
      for (let round = 0; round < 3; round++)
        await b.sweep(start + hour, { limit: 100, purgeBefore: start + minute })
      assert.deepEqual((await standing(b, 's')).watermark, { at: start, reason: 'maintenance' })
    })

    test('P-09 what is known of those below: they end with the one above all the same', async () => {
      const [a, b, lose] = open()
      await createAll(a, [
        newSession({ id: 'above' }),
        newSession({ id: 'below', subject: 'u-2', parent: 'above' }),
      ])
      await lose('below', 'above')
      await a.end({ realm: 'main', id: 'above' }, revoked)
      assert.deepEqual(await endOf(b, 'below'), [start + minute, 'admin_revoked'])
      assert.deepEqual(await b.write('below', { set: { a: 1 } }, { at: revoked.at }), { status: 'gone' })
    })

    test('P-09 the one above: nobody knows whether it ended, so those below are gone', async () => {
      const [a, b, lose] = open()
      await createAll(a, [
        newSession({ id: 'above' }),
        newSession({ id: 'below', subject: 'u-2', parent: 'above' }),
      ])
      await lose('subject', 'u-1')
      assert.equal(await b.find('below'), undefined)
      assert.equal(await b.regenerate('below', 'hash-of-below', 'next', start), 'gone')
    })

    test('P-09 the books of a family: its end is looked for in all of them', async () => {
      const [a, b, lose] = open()
      await createAll(a, [newSession({ id: 's', family: 'f' })])
      await lose('family', 'f')
      assert.deepEqual(idsOf(await b.end({ realm: 'main', family: 'f' }, revoked)), ['s'])
    })

    test('what was damaged from outside is nobody, and disturbs no other', async () => {
      const [a, b] = open()
      const key = (kind: string, name: string): string =>
        new MemcachedRecords(server.client(), {
          prefix: `${made}:`,
          mostBytes: 1_000_000,
          patience: 5_000,
          timer: systemTimer,
        }).key(kind, name)
      await createAll(a, [newSession({ id: 's' }), newSession({ id: 'sound', subject: 'u-2' })])
      const era = JSON.parse(
        ((await server.client().get(key('era', ''))) as unknown as { readonly value: string }).value,
      ) as { readonly era: string }
      for (const junk of [
        'no JSON',
        '7',
        'null',
        '{}',
        JSON.stringify({ era: era.era, sessions: [null], marks: [], swept: [], lodgers: [] }),
        JSON.stringify({ era: era.era, sessions: [{ session: 7 }], marks: [], swept: [], lodgers: [] }),
      ]) {
        await server.client().set(key('subject', 'u-1'), junk, { lifetime: 0 })
        assert.equal(await b.find('s'), undefined, junk)
        assert.deepEqual(await listIds(b), ['sound'])
      }
      assert.equal((await b.create(newSession({ id: 'new' }))).status, 'created')
    })

    test('P-09 a restart: everybody is signed out, nobody comes back, and the same nodes go on', async () => {
      const [a, b] = open()
      await createAll(
        a,
        newSessions(20, (n) => ({ id: `r-${n}`, subject: `u-${n}` })),
      )
      await a.end({ realm: 'main', subject: 'u-3' }, revoked)
      await a.voidBefore({ realm: 'main', subject: 'u-4' }, { at: start, reason: 'user_revoked' })
      await server.server().kill()
      await assert.rejects(async () => b.find('r-1'), { code: 'store_unavailable' })
      await server.server().restart()
      for (let n = 0; n < 20; n++) assert.equal(await b.find(`r-${n}`), undefined)
      await createAll(
        b,
        newSessions(20, (n) => ({ id: `again-${n}`, subject: `u-${n}` })),
      )
      assert.equal((await listIds(a)).length, 20)
      for (let n = 0; n < 20; n++) assert.equal(await a.find(`r-${n}`), undefined)
    })
  },
)

describe('memcached with too little memory', { skip: missing('memcached') }, () => {
  const server = openServer(before, after, { megabytes: 4 })

  test('P-09 it lets go of many: what is left is right, and nothing that ended lives', async () => {
    const [a, b] = server.nodes({ prefix: 'small:' })
    assert.ok(a !== undefined && b !== undefined)
    const [count, data] = [1_200, { text: 'x'.repeat(5_000) }]
    const limit = { most: 1, onExceed: 'evict' } as const
    for (let n = 0; n < count; n++) {
      const subject = `u-${n}`
      await a.create(newSession({ id: `old-${n}`, subject, data }), { limit })
      await b.create(newSession({ id: `new-${n}`, subject, data }), { limit })
      if (n % 2 === 0) await a.end({ realm: 'main', subject }, revoked)
    }
    let lost = 0
    for (let n = 0; n < count; n++) {
      const [old, young] = [await b.find(`old-${n}`), await a.find(`new-${n}`)]
      if (young === undefined) lost++
      assert.notEqual(old?.session.endedAt, null, `old-${n} came back`)
      if (n % 2 === 0) assert.notEqual(young?.session.endedAt, null, `new-${n} came back`)
    }
    assert.ok(lost > 100 && lost < count, `it let go of ${lost}`)
  })
})
