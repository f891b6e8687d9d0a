import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { anEngine, browser, stores } from './an-engine.ts'
import { minute, start } from '../../src/testing/fixtures.ts'

for (const [name, open] of stores)
  describe(`logins on ${name}`, () => {
    test('AUR-01 JAD-01 JAD-02 two requests see the same session, its subject, and what the first wrote', async () => {
      const { login, ask, engine } = anEngine({ store: open() })
      const { token, session } = await login('u-42', { roles: ['member'], data: { cart: ['a'] } })
      const first = await ask(token)
      assert.ok(first.state === 'active')
      await engine.data.write(first.session.id, { set: { cart: ['a', 'b'] } })
      const second = await ask(token)
      assert.ok(second.state === 'active')
      assert.equal(second.session.id, session.id)
      assert.equal(second.session.subject, 'u-42')
      assert.deepEqual(second.session.roles, ['member'])
      assert.deepEqual({ ...second.data }, { cart: ['a', 'b'] })
    })

    test('AUR-02 ROD-01 ROD-24 a login adds exactly one session, bound to the subject', async () => {
      const { login, engine } = anEngine({ store: open(), policy: 'rodauth' })
      const { session } = await login('u-1', { method: 'passkey', amr: ['hwk', 'user'], assurance: 2 })
      const { items } = await engine.list({ state: 'any' })
      assert.deepEqual(items, [session])
      assert.partialDeepStrictEqual(items[0], {
        id: session.id,
        realm: 'main',
        app: null,
        subject: 'u-1',
        roles: [],
        method: 'passkey',
        amr: ['hwk', 'user'],
        assurance: 2,
        authenticatedAt: start,
        restored: false,
        createdAt: start,
        activatedAt: start,
        lastSeenAt: start,
        lag: minute,
        idleTimeout: 24 * 60 * minute,
        expiresAt: start + 30 * 24 * 60 * minute,
        regeneratedAt: start,
        policy: session.policy,
        fingerprint: null,
        ip: '203.0.113.7',
        userAgent: browser,
        family: null,
        parent: null,
        actor: null,
        revision: 0,
        endedAt: null,
        endReason: null,
        endedBy: null,
      })
    })

    test('AUR-03 R-19 ROD-03 without its row the token opens nothing; after its end it says so', async () => {
      const { login, state, engine, clock } = anEngine({ store: open(), policy: { retention: 0 } })
      const one = await login()
      await engine.end({ id: one.session.id }, 'user_logout')
      assert.equal(await state(one), 'user_logout')
      clock.advance(minute)
      await engine.sweep()
      assert.equal(await state(one), 'unknown')
    })

    test('AUR-04 nobody without a token', async () => {
      const { engine } = anEngine({ store: open() })
      const request = { userAgent: null, ip: null, passive: false }
      assert.deepEqual(await engine.verify(undefined, request), { state: 'none', cause: 'absent' })
    })

    test('ROD-02 ROD-25 a session that is not listed any more is not active', async () => {
      const { login, state, engine, live } = anEngine({ store: open(), policy: 'rodauth' })
      const one = await login()
      assert.equal(await state(one), 'active')
      assert.equal((await live()).length, 1)
      await engine.end({ id: one.session.id }, 'admin_revoked', 'u-admin')
      assert.equal(await state(one), 'admin_revoked')
      assert.equal((await live()).length, 0)
      assert.equal((await engine.get(one.session.id))?.endedBy, 'u-admin')
    })

    test('a login that replaces a session ends it in the same step', async () => {
      const { login, state, ended } = anEngine({ store: open() })
      const before = await login()
      const replaces = { id: before.session.id, reason: 'replaced_at_login' } as const
      const after = await login('u-1', { replaces })
      assert.deepEqual(
        after.ended.map(({ id }) => id),
        [before.session.id],
      )
      assert.equal(await state(before), 'replaced_at_login')
      assert.equal(await state(after), 'active')
      assert.deepEqual(ended(), [[before.session.id, 'replaced_at_login']])
    })
  })

test('R-02 no two logins share an id or a secret', async () => {
  const { login } = anEngine()
  const started = [await login(), await login(), await login()]
  assert.equal(new Set(started.map(({ session }) => session.id)).size, 3)
  assert.equal(new Set(started.map(({ token }) => token.secret())).size, 3)
})

test('R-05 A-01 a token that nobody was given is never adopted', async () => {
  const { ask, engine, events } = anEngine()
  const planted = `${'A'.repeat(22)}.${'B'.repeat(43)}`
  assert.deepEqual(await ask(planted), { state: 'none', cause: 'unknown' })
  assert.equal((await engine.list({ state: 'any' })).items.length, 0)
  assert.deepEqual(events, [{ type: 'token.rejected', at: start, id: 'A'.repeat(22), ip: '203.0.113.7' }])
})

test('R-09 a guest has no assurance and no method, whatever the caller says', async () => {
  const { guest } = anEngine()
  const { session } = await guest({ method: 'password', amr: ['pwd'], assurance: 3 })
  const { method, amr, assurance, authenticatedAt } = session
  assert.deepEqual(
    { method, amr, assurance, authenticatedAt },
    {
      method: null,
      amr: [],
      assurance: 0,
      authenticatedAt: null,
    },
  )
})

test('ROD-21 what the request and the login say of themselves is kept with the session', async () => {
  const { login, engine } = anEngine()
  const request = { ip: '2001:db8::1', userAgent: 'x'.repeat(9000) }
  const above = await login()
  const { session } = await login('u-1', { request, app: 'shop', parent: above.session.id })
  const found = await engine.get(session.id)
  assert.equal(found?.ip, '2001:db8::1')
  assert.equal(found.userAgent?.length, 512)
  assert.deepEqual([found.app, found.parent, found.actor], ['shop', above.session.id, null])
})

test('a login without a subject that is one is refused, and not a guest', async () => {
  const { login, engine } = anEngine()
  for (const subject of ['', 'x'.repeat(257), 'u\ud800', 42, null])
    await assert.rejects(login(subject as string), {
      code: 'invalid_option',
      message: /^subject: expected a text of 1 to 256 characters, got /,
    })
  assert.equal((await engine.list({ state: 'any' })).items.length, 0)
})

test('sessions of another realm are nobody here', async () => {
  const one = anEngine({ realm: 'shop' })
  const other = anEngine({ realm: 'office', store: one.store, clock: one.clock })
  const started = await one.login()
  const { id } = started.session
  assert.equal(await other.state(started), 'unknown')
  assert.equal(await other.engine.get(id), undefined)
  assert.equal(await other.engine.touch(id), undefined)
  assert.equal(await other.engine.explain(id), undefined)
  assert.equal(await other.engine.data.read(id), undefined)
  await assert.rejects(other.engine.data.write(id, { set: { a: 1 } }), { code: 'session_gone' })
  await assert.rejects(
    other.engine.data.update(id, () => ({ set: { a: 1 } })),
    { code: 'session_gone' },
  )
  assert.deepEqual(await other.engine.end({ id }, 'admin_revoked'), [])
  assert.equal((await other.engine.list()).items.length, 0)
  await other.engine.voidBefore({ subject: 'u-1' }, 'bulk_revoked')
  assert.equal(await other.engine.upgrade(id, { subject: 'u-2' }), undefined)
  assert.equal(await one.state(started), 'active')
})
