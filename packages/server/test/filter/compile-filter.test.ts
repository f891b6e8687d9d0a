import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListInput, Page, Session } from 'sojourn'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import { filteredPage } from '../../src/filter/filtered-page.ts'
import { parseFilter } from '../../src/filter/parse-filter.ts'
import { now, plain, sessionOf } from '../pages/every-page.ts'

const minute = 60_000

function compiled(text: string) {
  const parsed = parseFilter(text)
  assert.ok('terms' in parsed)
  return compileFilter(parsed.terms, now)
}

test('what the store can tell it is asked; the rest is looked at', () => {
  assert.deepEqual(compiled('state:live user:u ip:192.0.2.7 method:password app:shop lastSeen<=now-30m'), {
    which: {
      state: 'live',
      subject: 'u',
      ip: '192.0.2.7',
      method: 'password',
      app: 'shop',
      unseenSince: now - 30 * minute,
    },
    keep: undefined,
    isPast: false,
  })
  assert.deepEqual(compiled('reason:idle_timeout').which, { state: 'ended', reason: 'idle_timeout' })
  assert.equal(compiled('lastSeen<now').which.unseenSince, now - 1)
  assert.deepEqual(compiled('ended>now-1h').which, { state: 'ended' })
  assert.deepEqual(compiled('').which, { state: 'live' })
  assert.deepEqual(compiled('user:guest').which.subject, null)
})

const one = (over: Partial<Session>) => sessionOf(plain, { lag: 0, ...over })
const holds = (text: string, over: Partial<Session>): boolean =>
  compiled(text).keep?.(one(over)) !== undefined

test('networks, devices, roles and moments are looked at, to the millisecond', () => {
  assert.equal(holds('ip:10.0.0.0/8', { ip: '10.255.255.255' }), true)
  assert.equal(holds('ip:10.0.0.0/8', { ip: '11.0.0.0' }), false)
  assert.equal(holds('ip:10.0.0.0/8', { ip: null }), false)
  assert.equal(holds('ip:10.0.0.0/8', { ip: 'Ada' }), false)
  assert.equal(holds('ip:2001:db8::/32', { ip: '2001:db8:ffff::1' }), true)
  assert.equal(holds('ip:2001:DB8::1', { ip: '2001:db8::1' }), true)
  assert.equal(holds('ip:2001:db8::/32', { ip: '2001:db9::1' }), false)
  assert.equal(holds('device.os:windows', {}), true)
  assert.equal(holds('device.os:Linux', {}), false)
  assert.equal(holds('device.browser:Firefox device.type:desktop', {}), true)
  assert.equal(holds('role:Ada', {}), true)
  assert.equal(holds('role:ada', {}), false)
  assert.equal(holds('policy:Ada', {}), true)
  const at = now - minute
  for (const [text, moment, expected] of [
    ['lastSeen>now-1m', at, false],
    ['lastSeen>now-1m', at + 1, true],
    ['lastSeen>=now-1m', at, true],
    ['lastSeen>=now-1m', at - 1, false],
  ] as const)
    assert.equal(holds(text, { lastSeenAt: moment }), expected, `${text} ${moment - at}`)
  assert.equal(holds('created<now-1m', { createdAt: at }), false)
  assert.equal(holds('created<now-1m', { createdAt: at - 1 }), true)
  assert.equal(holds('created<=now-1m', { createdAt: at }), true)
  assert.equal(holds('lastSeen>now-1m', { lastSeenAt: at, lag: 1 }), true, 'it may have been seen later')
})

test('states: who waits for the rest of a login is not active, and what is over is in neither', () => {
  assert.equal(holds('state:active', {}), true)
  assert.equal(holds('state:active', { activatedAt: null }), false)
  assert.equal(holds('state:pending', { activatedAt: null }), true)
  assert.equal(holds('state:pending', {}), false)
  assert.equal(holds('state:over', { lastSeenAt: now - 7_200_001 }), true)
  assert.equal(holds('state:over', { lastSeenAt: now - 7_200_000 }), false)
  assert.equal(compiled('state:over').which.state, 'any')
})

test('P-12 as_of shows what stood at a moment: later sessions are missing, later ends have not happened', () => {
  const text = 'as_of:2026-11-21T11:30Z'
  const then = Date.UTC(2026, 10, 21, 11, 30)
  assert.deepEqual([compiled(text).which, compiled(text).isPast], [{ state: 'any' }, true])
  assert.equal(holds(text, { createdAt: then, activatedAt: then }), true)
  assert.equal(holds(text, { createdAt: then + 1 }), false)
  const ended = { activatedAt: then - 1, endReason: 'admin_revoked', endedBy: 'ada' } as const
  assert.equal(holds(text, { ...ended, endedAt: then }), false)
  const kept = compiled(text).keep?.(one({ ...ended, endedAt: then + 1 }))
  assert.deepEqual([kept?.endedAt, kept?.endReason, kept?.endedBy], [null, null, null])
  assert.equal(holds(`state:ended ${text}`, { ...ended, endedAt: then }), true)
  assert.equal(holds(`reason:admin_revoked ${text}`, { ...ended, endedAt: then }), true)
  assert.equal(holds(`reason:admin_revoked ${text}`, { ...ended, endedAt: then + 1 }), false)
  assert.equal(holds(text, { activatedAt: then + 1 }), false)
  assert.equal(holds(`state:pending ${text}`, { activatedAt: then + 1 }), true)
  assert.equal(holds(text, { activatedAt: then, lastSeenAt: then - 7_200_001 }), false)
  const before = then - minute
  assert.equal(holds(`lastSeen<now-1m ${text}`, { activatedAt: 0, lastSeenAt: before }), false)
  assert.equal(holds(`lastSeen<now-1m ${text}`, { activatedAt: 0, lastSeenAt: before - 1 }), true)
})

test('SLI-23 pages of a filter meet every match once, whatever the size of the page, and look at a bounded number', async () => {
  const all = Array.from({ length: 2_500 }, (_, i) =>
    one({
      id: `s${String(i).padStart(4, '0')}`,
      createdAt: now - Math.floor(i / 3),
      roles: i % 5 === 0 ? ['r'] : [],
    }),
  )
  const asked: number[] = []
  const list = ({ limit = 50, cursor = '0' }: ListInput): Promise<Page> => {
    const from = Number(cursor)
    asked.push(limit)
    const end = from + limit
    return Promise.resolve({ items: all.slice(from, end), cursor: end < all.length ? String(end) : null })
  }
  for (const limit of [1, 7, 499, 500, 1_000]) {
    const seen: string[] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const page = await filteredPage(list, compiled('role:r'), { limit, cursor })
      assert.ok(page)
      assert.ok(page.items.length <= limit)
      seen.push(...page.items.map(({ id }) => id))
      assert.ok(seen.length <= 500, 'a page shows what was shown before')
      cursor = page.cursor
    }
    assert.deepEqual([seen.length, new Set(seen).size], [500, 500], `${limit}`)
  }
  const bounded = await filteredPage(list, compiled('role:nobody'), { limit: 10 }, 1_200)
  assert.deepEqual([bounded?.items.length, bounded?.lookedAt], [0, 1_200])
  assert.notEqual(bounded?.cursor, null)
  for (const cursor of ['x', 'W10', Buffer.from('[1,2,3]').toString('base64url')])
    assert.equal(await filteredPage(list, compiled('role:r'), { limit: 1, cursor }), undefined)
})
