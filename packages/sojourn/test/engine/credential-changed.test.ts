import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { day, hour } from '../../src/core/duration.ts'
import { anEngine, browser, stores } from './an-engine.ts'

const here = { userAgent: browser, ip: '203.0.113.7', passive: false }

for (const [name, open] of stores)
  describe(`a changed credential on ${name}`, () => {
    /** Three remembered sessions of one subject, one of somebody else, one local session below the first. */
    async function people(policy: Parameters<typeof anEngine>[0] & object = {}) {
      const at = anEngine({ store: open(), policy: 'stay-logged-in', ...policy })
      const remembered = { remember: true }
      const current = await at.login('u-1', remembered)
      const phone = await at.login('u-1', remembered)
      const tablet = await at.login('u-1', remembered)
      const stranger = await at.login('u-2', remembered)
      const local = await at.login('u-1', { parent: phone.session.id, app: 'shop' })
      return { ...at, current, phone, tablet, stranger, local }
    }

    for (const credential of ['password', 'email', 'phone'] as const)
      test(`PCA-07 resetting the ${credential} ends every session of the user, with what is linked below`, async () => {
        const { engine, state, current, phone, tablet, local, stranger, ended } = await people()
        const { ended: returned, current: goesOn } = await engine.credentialChanged('u-1', {
          credential,
          how: 'reset',
          current: current.session.id,
        })
        assert.equal(goesOn, null)
        assert.equal(returned.length, 4)
        for (const one of [current, phone, tablet, local])
          assert.equal(await state(one), 'credential_changed')
        assert.equal(await state(stranger), 'active')
        assert.equal(ended().length, 4)
        assert.ok(ended().every(([, reason]) => reason === 'credential_changed'))
      })

    test('R-21 a change by who is logged in ends all others; the current one lives on under a new token', async () => {
      const { engine, state, current, phone, tablet, local, stranger } = await people()
      const { current: goesOn } = await engine.credentialChanged('u-1', {
        credential: 'password',
        how: 'in-session',
        current: current.session.id,
      })
      assert.ok(goesOn !== null)
      assert.equal(goesOn.session.id, current.session.id)
      assert.equal(await state(goesOn), 'active')
      assert.equal(await state(current), 'unknown', 'a copy of its token is worth nothing')
      for (const one of [phone, tablet, local]) assert.equal(await state(one), 'credential_changed')
      assert.equal(await state(stranger), 'active')
      assert.equal((await engine.get(phone.session.id))?.endedBy, 'u-1')
    })

    test('R-21 no remembered device comes back, live or timed out before', async () => {
      const { engine, clock, current, phone, tablet, stranger, login } = await people()
      clock.advance(3 * hour)
      const fresh = await login()
      await engine.sweep()
      await engine.credentialChanged('u-1', {
        credential: 'password',
        how: 'in-session',
        current: fresh.session.id,
      })
      clock.advance(day)
      for (const { refresh } of [current, phone, tablet])
        assert.equal((await engine.restore(refresh?.reveal() ?? '', here)).state, 'none')
      assert.equal((await engine.restore(stranger.refresh?.reveal() ?? '', here)).state, 'restored')
    })

    test('PCA-07 where the policy ends all at a change, the current one ends too', async () => {
      const { engine, state, current } = await people({ policy: 'oidc' })
      const change = { how: 'in-session', current: current.session.id } as const
      const mfa = await engine.credentialChanged('u-1', { credential: 'mfa', ...change })
      assert.ok(mfa.current !== null)
      const password = await engine.credentialChanged('u-1', { credential: 'password', ...change })
      assert.equal(password.current, null)
      assert.equal(await state(mfa.current), 'credential_changed')
    })

    test('without a live current session all end', async () => {
      for (const currentOf of ['none', 'ended', 'strange'] as const) {
        const { engine, state, phone, tablet, current } = await people()
        if (currentOf === 'ended') await engine.end({ id: current.session.id }, 'user_logout')
        const id = { none: {}, ended: { current: current.session.id }, strange: { current: 'x' } }[currentOf]
        await engine.credentialChanged('u-1', { credential: 'email', how: 'in-session', ...id })
        for (const one of [phone, tablet]) assert.equal(await state(one), 'credential_changed')
      }
    })

    test("another's session is no current one, and nothing ends", async () => {
      const { engine, state, phone, stranger, events } = await people()
      const change = { credential: 'password', how: 'in-session', current: stranger.session.id } as const
      await assert.rejects(engine.credentialChanged('u-1', change), {
        code: 'invalid_option',
        message: /^current: expected the id of a session of the subject/,
      })
      assert.equal(await state(phone), 'active')
      assert.ok(!events.some(({ type }) => type === 'credential.changed'))
    })

    test('A-25 who acts as somebody changes no credential of theirs', async () => {
      const { engine, login, state, phone } = await people()
      const admin = await login('ada', { roles: ['support'] })
      const acting = await engine.impersonate(admin.session.id, {
        subject: 'u-1',
        roles: [],
        mayActAs: () => true,
      })
      assert.ok(acting.state === 'started')
      const { id } = acting.started.session
      const change = { credential: 'email', how: 'in-session', current: id } as const
      await assert.rejects(engine.credentialChanged('u-1', change), {
        code: 'acting_as_another',
        status: 403,
      })
      assert.equal(await state(phone), 'active')
      await engine.credentialChanged('u-1', { credential: 'email', how: 'reset', by: 'ada' })
      assert.equal(await state(acting.started), 'credential_changed')
      assert.equal((await engine.get(phone.session.id))?.endedBy, 'ada')
    })

    test('a login that waits ends with the others', async () => {
      const { engine, login, state } = await people()
      const waiting = await login('u-1', { pending: true })
      await engine.credentialChanged('u-1', { credential: 'password', how: 'reset' })
      assert.equal(await state(waiting), 'credential_changed')
      assert.equal(await engine.activate(waiting.session.id), undefined)
    })

    test('it is told once, with what was changed and how', async () => {
      const { engine, events } = await people()
      await engine.credentialChanged('u-1', { credential: 'phone', how: 'reset' })
      const told = events.filter((event) => event.type === 'credential.changed')
      assert.deepEqual(
        told.map(({ subject, credential, how }) => [subject, credential, how]),
        [['u-1', 'phone', 'reset']],
      )
    })
  })
