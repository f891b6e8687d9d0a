import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Choosing } from '../../src/engine/choose.ts'
import type { Started } from '../../src/engine/start.ts'
import { minute, start } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'
import { distant } from './around.ts'

const asking = { limit: 2, onExceed: 'ask-user' } as const

function begun(choosing: Choosing): Started {
  assert.ok(choosing.state === 'started', choosing.state)
  return choosing.started
}

for (const [name, open] of stores)
  describe(`logins that wait on ${name}`, () => {
    const engineOf = (policy: object = asking) => anEngine({ store: open(), policy })

    test('A-24 R-26 a login over the limit waits, and is nobody: no other session has ended', async () => {
      const { login, live, state, ask, ended, events } = engineOf()
      const [phone, laptop] = [await login(), await login()]
      const third = await login('u-1', { data: { cart: ['a'] } })
      assert.equal(third.session.activatedAt, null)
      assert.equal(third.refresh, null)
      assert.equal(third.choice?.toEnd, 1)
      assert.deepEqual(
        new Set(third.choice.sessions.map(({ id }) => id)),
        new Set([phone.session.id, laptop.session.id]),
      )
      const found = await ask(third.token)
      assert.ok(found.state === 'pending')
      assert.deepEqual([found.waitsFor, found.token], ['choice', null])
      assert.ok(!('data' in found), 'it reads no data')
      assert.deepEqual(ended(), [])
      assert.equal(events.filter(({ type }) => type === 'login.refused').length, 0)
      assert.equal(await state(phone), 'active')
      assert.equal(await state(laptop), 'active')
      const activated = (await live()).filter(({ activatedAt }) => activatedAt !== null)
      assert.equal(activated.length, 2)
    })

    test('A-24 the person chooses what to end, and is logged in: same session, new token, the old one dead', async () => {
      const { login, engine, state, clock, events, ended } = engineOf()
      const phone = await login()
      clock.advance(minute)
      const laptop = await login()
      clock.advance(minute)
      const third = await login('u-1', { amr: ['pwd'], data: { cart: ['a'] }, remember: true })
      clock.advance(minute)
      const choice = await engine.choice(third.session.id)
      assert.deepEqual(
        choice?.sessions.map(({ id }) => id),
        [phone.session.id, laptop.session.id],
        'longest unseen first',
      )
      const { session, token, refresh, data } = begun(
        await engine.choose(third.session.id, laptop.session.id),
      )
      assert.equal(session.id, third.session.id)
      assert.equal(session.createdAt, third.session.createdAt)
      assert.equal(session.activatedAt, start + 3 * minute)
      assert.equal(session.authenticatedAt, start + 2 * minute, 'the password was typed then')
      assert.deepEqual(session.factors, [{ amr: 'pwd', at: start + 2 * minute }])
      assert.deepEqual({ ...data }, { cart: ['a'] })
      assert.ok(refresh !== null, 'the device is remembered, as was asked at the login')
      assert.equal(await state({ token }), 'active')
      assert.equal(await state(third), 'unknown', 'R-04 the token of the waiting login is dead')
      assert.equal(await state(laptop), 'user_revoked')
      assert.equal(await state(phone), 'active')
      assert.deepEqual(ended(), [[laptop.session.id, 'user_revoked']])
      assert.equal((await engine.get(laptop.session.id))?.endedBy, 'u-1')
      const told = events.filter((event) => 'session' in event && event.session.id === session.id)
      assert.deepEqual(
        told.map(({ type }) => type),
        ['session.started', 'session.activated'],
      )
    })

    test('A-07 A-37 nothing but a counted session of its own subject can be chosen', async () => {
      const { login, guest, engine, live } = engineOf()
      const [phone, , third] = [await login(), await login(), await login()]
      const stranger = await login('u-2')
      const visitor = await guest()
      await engine.end({ id: phone.session.id }, 'user_logout')
      await login()
      for (const id of [
        stranger.session.id,
        visitor.session.id,
        phone.session.id,
        third.session.id,
        'nothing',
      ])
        assert.deepEqual(await engine.choose(third.session.id, id), { state: 'not_found' }, id)
      assert.equal((await live('u-2')).length, 1)
    })

    test('A-07 only a login that waits for a choice may choose', async () => {
      const { login, guest, engine, clock, live } = engineOf()
      const [phone, laptop, third] = [await login(), await login(), await login()]
      const step = await login('u-1', { pending: true })
      const over = await login()
      for (const id of [phone.session.id, (await guest()).session.id, step.session.id, 'nothing']) {
        assert.deepEqual(await engine.choose(id, laptop.session.id), { state: 'not_waiting' }, id)
        assert.equal(await engine.choice(id), undefined)
      }
      assert.deepEqual(await engine.activate(third.session.id), undefined, 'a choice is no step')
      clock.advance(10 * minute + 1)
      assert.deepEqual(await engine.choose(over.session.id, laptop.session.id), { state: 'not_waiting' })
      assert.equal((await live()).length, 2)
    })

    test('a login waits ten minutes: pending at 10:00.000, over one millisecond later', async () => {
      const { login, state, clock } = engineOf()
      await login()
      await login()
      const third = await login()
      clock.advance(10 * minute)
      assert.equal(await state(third), 'pending')
      clock.advance(1)
      assert.equal(await state(third), 'absolute_timeout')
    })

    test('A-24 P-07 of twenty logins that wait and choose at once, as many are let in as were ended', async () => {
      const { login, engine, live, ended } = anEngine({ store: distant(open()), policy: asking })
      const standing = [await login(), await login()]
      const waiting = await Promise.all(Array.from({ length: 20 }, () => login()))
      const outcomes = await Promise.all(
        waiting.map(({ session }, index) =>
          engine.choose(session.id, standing[index % 2]?.session.id).then((choosing) => choosing.state),
        ),
      )
      const counted = (await live()).filter(({ activatedAt }) => activatedAt !== null)
      assert.equal(counted.length, 2)
      assert.equal(new Set(ended().map(([id]) => id)).size, 2)
      assert.equal(ended().length, 2)
      assert.ok(outcomes.includes('started'))
    })

    test('of two choices for one login both count, and it is let in once', async () => {
      const { login, engine, live, events } = anEngine({ store: distant(open()), policy: asking })
      const [phone, laptop, third] = [await login(), await login(), await login()]
      const { id } = third.session
      await Promise.all([
        engine.choose(id, phone.session.id),
        engine.choose(id, laptop.session.id),
        engine.choose(id, phone.session.id),
      ])
      const counted = (await live()).filter(({ activatedAt }) => activatedAt !== null)
      assert.ok(counted.some((session) => session.id === id))
      assert.equal(events.filter(({ type }) => type === 'session.activated').length, 1)
    })

    test('where the limit was lowered the person is asked again, until there is room', async () => {
      const first = anEngine({ store: open(), policy: { limit: 3 } })
      const standing = [await first.login(), await first.login(), await first.login()]
      const { store, clock } = first
      const { engine, login, state } = anEngine({ store, clock, policy: asking })
      let waiting = await login()
      assert.equal(waiting.choice?.toEnd, 2)
      const again = begun(await engine.choose(waiting.session.id, standing[0]?.session.id))
      assert.equal(again.session.activatedAt, null)
      assert.equal(again.choice?.toEnd, 1)
      assert.equal(await state(waiting), 'unknown')
      assert.equal(await state(again), 'pending')
      waiting = begun(await engine.choose(again.session.id, standing[1]?.session.id))
      assert.equal(waiting.choice, null)
      assert.equal(await state(waiting), 'active')
    })

    test('where another session has ended meanwhile nothing more need be', async () => {
      const { login, engine, state } = engineOf()
      const [phone, laptop, third] = [await login(), await login(), await login()]
      await engine.end({ id: phone.session.id }, 'user_logout')
      assert.equal((await engine.choice(third.session.id))?.toEnd, 0)
      assert.equal(await state(begun(await engine.choose(third.session.id))), 'active')
      assert.equal(await state(laptop), 'active')
    })

    test('P-25 a guest over the limit keeps the cart through the choice', async () => {
      const { login, guest, engine, state } = engineOf()
      const phone = await login()
      await login()
      const visitor = await guest({ data: { cart: ['a'] } })
      const waiting = await engine.upgrade(visitor.session.id, { subject: 'u-1' })
      assert.ok(waiting !== undefined && waiting.choice !== null)
      assert.equal(await state(visitor), 'upgraded')
      const { data, token } = begun(await engine.choose(waiting.session.id, phone.session.id))
      assert.deepEqual({ ...data }, { cart: ['a'] })
      assert.equal(await state({ token }), 'active')
    })

    test('A-37 a session that a watermark has voided is not there to be chosen', async () => {
      const { login, engine, clock } = engineOf()
      const phone = await login('u-1', { method: 'saml' })
      await engine.voidBefore({ method: 'saml' }, 'policy_changed')
      clock.advance(1)
      await login()
      await login()
      const third = await login()
      assert.equal(third.choice?.sessions.length, 2)
      assert.deepEqual(await engine.choose(third.session.id, phone.session.id), { state: 'not_found' })
    })
  })
