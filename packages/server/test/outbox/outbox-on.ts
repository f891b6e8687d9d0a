import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { createSessions, type Sessions, type Store } from 'sojourn'
import { FakeClock } from 'sojourn/testing/clock'
import { openDatabase } from '../../src/database/open-database.ts'
import { jsonLines } from '../../src/logger.ts'
import type { OutboxEvent } from '../../src/outbox/outbox-event.ts'
import { eventsKept, Outbox } from '../../src/outbox/outbox.ts'
import { hasMore, takeIn } from '../../src/outbox/take-in.ts'
import { Webhooks } from '../../src/webhooks/webhooks.ts'

type Test = (name: string, run: (t: TestContext) => Promise<void>) => void
type Open = () => Promise<{ readonly database: string; readonly store: Store }>

const minute = 60_000
const day = 24 * 60 * minute
const request = { ip: '192.0.2.1', userAgent: null, passive: false }
const secret = 'a-secret-of-tests-that-is-long-enough'

/** What holds of the outbox, on a database and a session store. */
export function outboxOn(test: Test, where: string, open: Open): void {
  async function running(t: TestContext, more: { readonly withoutFeed?: boolean } = {}) {
    const opened = await open()
    const clock = new FakeClock(Date.now())
    const database = await openDatabase(opened.database)
    const lines: string[] = []
    const log = jsonLines({ write: (line) => void lines.push(line), now: () => clock.now() })
    const outbox = new Outbox({ database, clock, log })
    const store = opened.store
    const make = (heard: boolean): Sessions<object> =>
      createSessions({
        store,
        clock,
        secret,
        sweepEvery: null,
        onError: () => {},
        ...(heard && { onEvent: outbox.hear }),
      })
    const told: OutboxEvent[] = []
    const sessions = make(true)
    t.after(async () => {
      await outbox.settled()
      await sessions.close()
      await database.destroy()
    })
    const intake = {
      database,
      store: more.withoutFeed === true ? {} : store,
      sessions,
      tell: (events: readonly OutboxEvent[]) => void told.push(...events),
    }
    await takeIn(intake)
    /** What the outbox has, in its order. */
    const kept = async () => {
      await outbox.settled()
      return (await outbox.after(0, 1_000)).map(({ type, session, data }) =>
        `${type} ${session} ${String(data['reason'] ?? '')}`.trim(),
      )
    }
    const begin = async (by = sessions) =>
      (await by.start({ subject: 'u-1', method: 'password', request })).session
    return { clock, database, outbox, sessions, unheard: make(false), intake, told, kept, begin, lines }
  }

  test(`what begins and ends is kept once, in its order, and nobody hears of guests: ${where}`, async (t) => {
    const { sessions, kept, begin } = await running(t)
    const { id } = await begin()
    const guest = await sessions.start({ request })
    await sessions.end({ id: guest.session.id }, 'user_logout')
    await sessions.end({ id }, 'admin_revoked', 'root')
    await sessions.end({ id }, 'user_logout')
    assert.deepEqual(await kept(), [`session.started ${id}`, `session.ended ${id} admin_revoked`])
  })

  test(`an end that was cut off before it was kept, or that another program brought, is taken in once, with its beginning: ${where}`, async (t) => {
    const { unheard, intake, kept, begin, told } = await running(t)
    const { id } = await begin(unheard)
    await unheard.end({ id }, 'bulk_revoked')
    assert.deepEqual(await kept(), [])
    assert.ok(await hasMore(intake))
    assert.equal(await takeIn(intake), 2)
    const expected = [`session.started ${id}`, `session.ended ${id} bulk_revoked`]
    assert.deepEqual(await kept(), expected)
    assert.equal(told.length, 2)
    assert.equal(await hasMore(intake), false)
    assert.equal(await takeIn(intake), 0)
    assert.deepEqual(await kept(), expected)
  })

  test(`what was heard and is found in the feed as well has one id, and is kept once: ${where}`, async (t) => {
    const { sessions, intake, kept, begin } = await running(t)
    const { id } = await begin()
    await sessions.end({ id }, 'user_logout')
    const before = await kept()
    assert.equal(await takeIn(intake), 0)
    assert.deepEqual(await kept(), before)
  })

  test(`ends of several sessions at once, by a sweep and under a parent, are all taken in: ${where}`, async (t) => {
    const { clock, unheard, intake, kept, begin } = await running(t)
    const parent = await begin(unheard)
    const child = (await unheard.start({ subject: 'u-1', method: 'password', request, parent: parent.id }))
      .session
    const other = await begin(unheard)
    await unheard.end({ id: parent.id }, 'user_logout')
    clock.advance(3 * 60 * minute)
    await unheard.sweep()
    await takeIn(intake)
    const ends = (await kept()).filter((line) => line.startsWith('session.ended'))
    assert.deepEqual(
      ends.toSorted(),
      [
        `session.ended ${parent.id} user_logout`,
        `session.ended ${child.id} user_logout`,
        `session.ended ${other.id} idle_timeout`,
      ].toSorted(),
    )
  })

  test(`of two nodes that take in at once each end is kept once: ${where}`, async (t) => {
    const { unheard, intake, kept, begin } = await running(t)
    for (let many = 0; many < 12; many++) {
      const { id } = await begin(unheard)
      await unheard.end({ id }, 'bulk_revoked')
    }
    await Promise.all([takeIn(intake), takeIn(intake), takeIn(intake)])
    await takeIn(intake)
    assert.equal((await kept()).length, 24)
  })

  test(`a store without a feed is looked through, and what ended before the first look is not told: ${where}`, async (t) => {
    const { clock, unheard, intake, kept, begin } = await running(t, { withoutFeed: true })
    clock.advance(minute)
    const { id } = await begin(unheard)
    await unheard.end({ id }, 'admin_revoked')
    await takeIn(intake)
    await takeIn(intake)
    assert.deepEqual(await kept(), [`session.started ${id}`, `session.ended ${id} admin_revoked`])
  })

  test(`a gap in the feed is bridged by the list of what has ended: ${where}`, async (t) => {
    const { clock, database, unheard, intake, kept, begin } = await running(t)
    clock.advance(minute)
    const { id } = await begin(unheard)
    await unheard.end({ id }, 'admin_revoked')
    await database
      .updateTable('outbox_marks')
      .set({ place: 'none-of-this-store' })
      .where('name', '=', 'feed')
      .execute()
    assert.equal(await takeIn(intake), 2)
    assert.equal(await hasMore(intake), false)
    assert.deepEqual(await kept(), [`session.started ${id}`, `session.ended ${id} admin_revoked`])
  })

  test(`positions become visible in their order, however many write at once: ${where}`, async (t) => {
    const { outbox, begin } = await running(t)
    let last = 0
    let isOver = false
    const reader = (async () => {
      const seen: number[] = []
      while (!isOver) for (const { position } of await outbox.after(last, 100)) seen.push((last = position))
      for (const { position } of await outbox.after(last, 100)) seen.push((last = position))
      return seen
    })()
    for (let round = 0; round < 15; round++) {
      await Promise.all([begin(), begin(), begin()])
      await outbox.settled()
    }
    isOver = true
    assert.equal((await reader).length, 45)
  })

  test(`events go a week after they were written, and stay while somebody is still to hear of them: ${where}`, async (t) => {
    const { clock, database, outbox, sessions, kept, begin } = await running(t)
    await begin()
    await outbox.settled()
    const webhooks = new Webhooks(database, [secret], clock)
    const given = {
      url: 'https://example.com',
      note: '',
      format: 'standard',
      audience: null,
      authorization: null,
    } as const
    await webhooks.add({ ...given, events: ['session.started'] })
    await begin()
    await outbox.settled()
    clock.advance(eventsKept)
    assert.equal(await outbox.sweep(clock.now()), 0)
    clock.advance(1)
    assert.equal(await outbox.sweep(clock.now()), 1)
    assert.equal((await kept()).length, 1)
    await database.updateTable('deliveries').set({ state: 'dead' }).execute()
    clock.set(clock.now() - eventsKept - 1 + 30 * day)
    assert.equal(await outbox.sweep(clock.now()), 0)
    clock.advance(1)
    assert.equal(await outbox.sweep(clock.now()), 1)
    assert.deepEqual(await database.selectFrom('deliveries').selectAll().execute(), [])
    void sessions
  })

  test(`where the database fails an answer is not held up, it is logged, and the end is taken in later: ${where}`, async (t) => {
    const { database, sessions, outbox, intake, kept, begin, lines } = await running(t)
    const { id } = await begin()
    await outbox.settled()
    await database.schema.alterTable('outbox_events').renameTo('elsewhere').execute()
    await sessions.end({ id }, 'user_logout')
    await outbox.settled()
    assert.ok(lines.some((line) => line.includes('could not be kept')))
    await database.schema.alterTable('elsewhere').renameTo('outbox_events').execute()
    await takeIn(intake)
    assert.deepEqual(await kept(), [`session.started ${id}`, `session.ended ${id} user_logout`])
  })
}
