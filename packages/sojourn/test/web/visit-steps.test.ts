import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSessions, type SessionsOptions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { isReply, openVisit } from '../../src/web/open.ts'
import type { Visit } from '../../src/web/visit.ts'
import { AnExchange } from './an-exchange.ts'

type Auth = ReturnType<typeof createSessions>

const create = (options: Partial<SessionsOptions> = {}): Auth =>
  createSessions({ store: memory(), sweepEvery: null, onWarning: () => {}, ...options })

async function open(
  auth: Auth,
  headers: { readonly [name: string]: string } = {},
): Promise<{ visit: Visit; holds: boolean[] }> {
  const holds: boolean[] = []
  const exchange = new AnExchange(headers)
  const visit = await openVisit(auth, auth.web, exchange, (setsCookie) => holds.push(setsCookie))
  assert.ok(!isReply(visit))
  return { visit, holds }
}

test('in the request of the login itself, one that waits is nobody’s either', async () => {
  const auth = create({ policy: { limit: 1, onExceed: 'ask-user' } })
  const first = await auth.start({ subject: 'u-1' })
  const { visit } = await open(auth)
  visit.set('cart', ['apple'])
  const choice = await visit.login('u-1')
  assert.deepEqual(
    choice?.sessions.map(({ id }) => id),
    [first.session.id],
  )
  assert.deepEqual([visit.isLoggedIn, visit.subject, visit.session, visit.id], [false, null, null, null])
  assert.deepEqual([visit.waiting?.for, visit.get('cart'), visit.expiresAt], ['choice', undefined, null])
  assert.equal(visit.freshness({}).ok, false)
  assert.equal(await visit.choose(first.session.id), 'logged_in')
  assert.deepEqual([visit.subject, visit.waiting, visit.get('cart')], ['u-1', null, ['apple']])
})

test('PCA-15 a login that was begun with its first step waits for the last, in one request or in two', async () => {
  const auth = create()
  const { visit } = await open(auth)
  assert.equal(await visit.login('u-1', { pending: true, amr: ['pwd'] }), null)
  assert.deepEqual([visit.isLoggedIn, visit.waiting?.for], [false, 'step'])
  await assert.rejects(visit.elevate({ amr: ['otp'], assurance: 2 }), { code: 'no_session' })
  assert.equal(await visit.activate({ amr: ['otp'], assurance: 2 }), null)
  assert.deepEqual([visit.subject, visit.session?.amr, visit.session?.assurance], ['u-1', ['pwd', 'otp'], 2])
  await assert.rejects(visit.activate(), { code: 'no_session' })
})

test('SLI-28 what will not be kept makes no answer wait', async () => {
  const auth = create()
  const { visit, holds } = await open(auth, { 'user-agent': 'a-crawler/1.0' })
  visit.set('cart', ['apple'])
  visit.flash('notice', 'hello')
  visit.activity('page_view', '/shoes')
  assert.equal(await visit.update('visits', (visits = 0) => Number(visits) + 1), 1)
  assert.deepEqual([visit.get('cart'), visit.get('visits'), visit.activities.length], [['apple'], 1, 1])
  assert.equal(await visit.takeFlash('notice'), 'hello')
  assert.deepEqual([holds, visit.finish()], [[], undefined])
  await visit.save()
  assert.deepEqual((await auth.list({ state: 'any' })).items, [])
})

test('P-15 on an ignored request an activity is not noted, and a write is a fault', async () => {
  const auth = create({ activity: [{ path: '/page', as: 'ignored' }] })
  const { visit, holds } = await open(auth)
  visit.activity('page_view', '/page')
  assert.deepEqual([visit.activities, holds, visit.finish()], [[], [], undefined])
  assert.throws(() => visit.set('cart', ['apple']), { code: 'invalid_option', message: /^activity: / })
  await assert.rejects(visit.logout(), { code: 'invalid_option' })
})
