import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { openVisit } from '../../src/web/open.ts'
import { sessionStatus } from '../../src/web/status.ts'
import type { Visit } from '../../src/web/visit.ts'
import { type Contents, house } from './a-house.ts'
import { AnExchange } from './an-exchange.ts'

test('what is written is read at once, and by the next request', async () => {
  const { next, finish } = house()
  const visit = await next()
  visit.set('cart', ['apple'])
  visit.add('count', 2)
  visit.add('count')
  assert.deepEqual([visit.get('cart'), visit.get('count'), visit.id], [['apple'], 3, null])
  await finish(visit)
  assert.notEqual(visit.id, null)
  const later = await next()
  assert.deepEqual([later.get('cart'), later.get('count'), later.id], [['apple'], 3, visit.id])
  later.delete('cart')
  assert.equal(later.get('cart'), undefined)
  await finish(later)
  assert.equal((await next()).get('cart'), undefined)
})

test('what is being saved is read as it was written, by a guest and in a session', async () => {
  const { next, finish } = house()
  const visit = await next()
  for (const cart of [['apple'], ['apple', 'pear']]) {
    visit.set('cart', cart)
    visit.add('count')
    const saved = visit.save()
    assert.deepEqual([visit.get('cart'), visit.get('count')], [cart, cart.length])
    await saved
    assert.deepEqual([visit.get('cart'), visit.get('count')], [cart, cart.length])
  }
  visit.flash('error', 'once')
  const saved = visit.save()
  assert.equal(await visit.takeFlash('error'), 'once')
  await saved
  visit.delete('cart')
  void finish(visit)
  assert.equal(visit.get('cart'), undefined)
})

test('A-11 R-34 neither a visit nor what it shows prints a token', async () => {
  const { auth, next, finish } = house()
  const visit = await next()
  await visit.login('u-1')
  visit.set('cart', ['apple'])
  await finish(visit)
  const again = await next()
  const exchange = new AnExchange()
  const { token } = await auth.start({ subject: 'u-1' })
  const started = await openVisit(auth, auth.web, exchange, () => {})
  const shown = [visit, again, again.session, started, auth, token, sessionStatus(again, 0)]
  const text = shown
    .map((value) => inspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value))
    .join('\n')
  const secrets = [token.reveal(), token.secret()]
  for (const secret of secrets) assert.ok(!text.includes(secret))
  const found = await auth.list()
  assert.doesNotMatch(JSON.stringify(found), /[\w-]{43}/)
  assert.doesNotMatch(text, /[\w-]{22}\.[\w-]{43}/)
})

test('A-18 a key of an object’s own inheritance is absent, before and after there is a session', async () => {
  const { next, finish } = house()
  const visit = await next()
  const keys = ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf']
  const absent = (visit: Visit<Contents>): void => {
    for (const key of keys) assert.equal(visit.get(key), undefined, key)
  }
  absent(visit)
  await visit.login('u-1')
  absent(visit)
  visit.set('count', 1)
  absent(visit)
  await finish(visit)
  absent(visit)
  absent(await next())
})

test('update reads and writes in one step, whoever else writes, and starts a session for a guest', async () => {
  const { next, finish } = house()
  const guest = await next()
  assert.equal(await guest.update('count', (count = 0) => count + 1), 1)
  assert.equal(guest.get('count'), 1)
  await finish(guest)
  const visits = await Promise.all(Array.from({ length: 8 }, next))
  await Promise.all(visits.map((visit) => visit.update('count', (count = 0) => count + 1)))
  assert.equal((await next()).get('count'), 9)
})

test('P-03 acts that nobody waited for happen in their order, once each', async () => {
  const { next, finish, auth } = house()
  const visit = await next()
  visit.set('count', 1)
  const saves = [visit.save(), visit.save()]
  visit.add('count')
  const login = visit.login('u-1')
  visit.set('cart', ['apple'])
  await finish(visit)
  await Promise.all([...saves, login])
  assert.deepEqual([visit.subject, visit.get('count'), visit.get('cart')], ['u-1', 2, ['apple']])
  const ends = (await auth.list({ state: 'any' })).items.map(({ subject, endReason }) => [subject, endReason])
  assert.equal(ends.length, 2, 'one guest, one login')
  assert.deepEqual([(await next()).get('count'), (await next()).get('cart')], [2, ['apple']])
})

test('P-25 a guest whose session went meanwhile logs in all the same, with what this request wrote', async () => {
  const { next, finish, auth } = house()
  const guest = await next()
  guest.set('cart', ['apple'])
  await finish(guest)
  const visit = await next()
  visit.set('count', 1)
  await auth.end({ id: visit.id ?? '' }, 'maintenance')
  await visit.login('u-1')
  await finish(visit)
  assert.deepEqual([visit.subject, (await next()).get('count')], ['u-1', 1])
})

test('A-07 what was written for one subject is not carried to another', async () => {
  const { next, finish } = house()
  const first = await next()
  await first.login('u-1')
  await finish(first)
  const same = await next()
  same.set('cart', ['apple'])
  await same.login('u-1')
  assert.deepEqual(same.get('cart'), ['apple'])
  await finish(same)
  const other = await next()
  other.set('cart', ['a secret of u-1'])
  await other.login('u-2')
  assert.equal(other.get('cart'), undefined)
  await finish(other)
  assert.equal((await next()).get('cart'), undefined)
})

test('SLI-16 a login that the limit refuses changes nothing: the guest and what it wrote stay', async () => {
  const { next, finish } = house({ policy: { limit: 0 } })
  const guest = await next()
  guest.set('cart', ['apple'])
  await finish(guest)
  const visit = await next()
  visit.set('count', 1)
  await assert.rejects(visit.login('u-1'), { code: 'login_disabled_by_limit' })
  assert.deepEqual([visit.subject, visit.id], [null, guest.id])
  await finish(visit)
  assert.deepEqual([(await next()).get('cart'), (await next()).get('count')], [['apple'], 1])
})

test('SLI-16 what a guest without a session wrote before a refused login is kept', async () => {
  const { next, finish } = house({ policy: { limit: 0 } })
  const visit = await next()
  visit.set('cart', ['apple'])
  await assert.rejects(visit.login('u-1'), { code: 'login_disabled_by_limit' })
  assert.deepEqual(visit.get('cart'), ['apple'])
  await finish(visit)
  const later = await next()
  assert.deepEqual([later.subject, later.get('cart')], [null, ['apple']])
})

test('a subject is a text of 1 to 256 characters', async () => {
  const { next, auth } = house()
  const visit = await next()
  for (const subject of ['', 'x'.repeat(257), 'u\ud800', 7, null] as string[])
    await assert.rejects(visit.login(subject), { code: 'invalid_data' })
  await visit.finish()
  assert.equal((await auth.list({ state: 'any' })).items.length, 0)
})

test('after a logout the visit is a guest’s, who may begin anew', async () => {
  const { next, finish } = house()
  const visit = await next()
  await visit.login('u-1')
  visit.set('cart', ['apple'])
  await finish(visit)
  const leaving = await next()
  leaving.set('count', 1)
  await leaving.logout()
  assert.deepEqual([leaving.subject, leaving.get('cart'), leaving.get('count')], [null, undefined, undefined])
  leaving.flash('notice', 'goodbye')
  await finish(leaving)
  const guest = await next()
  assert.deepEqual([guest.subject, await guest.takeFlash('notice')], [null, 'goodbye'])
})

test('JAD-03 a message that was left and taken in one request is gone', async () => {
  const { next, finish, auth } = house()
  const visit = await next()
  visit.flash('error', 'once')
  assert.equal(await visit.takeFlash('error'), 'once')
  assert.equal(await visit.takeFlash('error'), undefined)
  await finish(visit)
  assert.equal(
    (await auth.list({ state: 'any' })).items.length,
    0,
    'a guest with nothing to keep has no session',
  )
  const member = await next()
  await member.login('u-1')
  member.flash('error', 'stored')
  await finish(member)
  const later = await next()
  later.flash('error', 'newer')
  assert.equal(await later.takeFlash('error'), 'newer')
  assert.equal(await later.takeFlash('error'), undefined, 'the older one was replaced')
  await finish(later)
  assert.equal(await (await next()).takeFlash('error'), undefined)
})

test('A-32 keys of the library’s own are refused where they are written, and what was written before stays', async () => {
  const { next, finish } = house()
  const visit = await next()
  visit.set('cart', ['apple'])
  const refusal = { code: 'invalid_data', message: /'sojourn:' are kept by the library itself/ }
  const key = 'sojourn:login'
  assert.throws(() => visit.set(key, { choose: true }), refusal)
  assert.throws(() => visit.delete(key), refusal)
  assert.throws(() => visit.add(key), refusal)
  await assert.rejects(
    visit.update(key, () => 1),
    refusal,
  )
  await assert.rejects(visit.login('u-1', { data: { [key]: 1 } }), refusal)
  visit.activity('page_view', '/')
  await visit.login('u-1')
  await finish(visit)
  const later = await next()
  assert.deepEqual([later.get('cart'), later.activities.length], [['apple'], 1])
})
