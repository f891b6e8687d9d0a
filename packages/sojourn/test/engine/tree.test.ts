import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Started, StartInput } from '../../src/engine/start.ts'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { anEngine, browser, stores } from './an-engine.ts'
import { around } from './around.ts'

const here = { userAgent: browser, ip: '203.0.113.7', passive: false }

for (const [name, open] of stores)
  describe(`linked sessions on ${name}`, () => {
    /** The sessions of one login through an identity provider: there, at the authorization server, and in two applications. */
    async function tree(policy: object = {}) {
      const store = open()
      const idp = anEngine({ store, realm: 'idp', policy: { absoluteTimeout: '10h', idleTimeout: '8h' } })
      const { clock } = idp
      const server = anEngine({ store, clock, realm: 'login', policy: { extends: 'oidc', ...policy } })
      const apps = anEngine({ store, clock, realm: 'apps', policy: 'stay-logged-in' })
      const there = await idp.login()
      const login = await server.login('u-1', { parent: there.session.id, method: 'oidc' })
      const local = (input: StartInput = {}) =>
        apps.login('u-1', { parent: login.session.id, method: 'oidc', ...input })
      const shop = await local({ app: 'shop', remember: true })
      const forum = await local({ app: 'forum' })
      return { store, clock, idp, server, apps, there, login, local, shop, forum }
    }

    test('PCA-18 PCA-22 the tree has a session in the application, one at the server, one at the provider', async () => {
      const { server, apps, there, login, shop, forum } = await tree()
      assert.equal(login.session.parent, there.session.id)
      const below = (await apps.engine.list({ parent: login.session.id })).items
      assert.deepEqual(
        new Map(below.map(({ id, app }) => [id, app])),
        new Map([
          [shop.session.id, 'shop'],
          [forum.session.id, 'forum'],
        ]),
      )
      assert.deepEqual(
        (await server.engine.list({ parent: there.session.id })).items.map(({ id }) => id),
        [login.session.id],
      )
    })

    test('PCA-05 a logout at the server ends what stands on it, and not what it stands on', async () => {
      const { server, idp, apps, there, login, shop, forum } = await tree()
      await server.engine.end({ id: login.session.id }, 'user_logout', 'u-1')
      assert.equal(await server.state(login), 'user_logout')
      for (const one of [shop, forum]) assert.equal(await apps.state(one), 'user_logout')
      assert.equal(await idp.state(there), 'active')
    })

    test('PCA-05 a logout in one application ends that alone', async () => {
      const { server, apps, login, shop, forum } = await tree()
      await apps.engine.end({ id: shop.session.id }, 'user_logout')
      assert.equal(await apps.state(forum), 'active')
      assert.equal(await server.state(login), 'active')
    })

    test('PCA-06 R-27 nothing outlives what it stands on: the shortest of its own life, its parent’s, the provider’s', async () => {
      const { login, shop, local, apps, clock, server } = await tree()
      assert.equal(login.session.expiresAt, start + 10 * hour)
      assert.equal(shop.session.expiresAt, start + 10 * hour)
      const short = await local({ endsAt: start + hour })
      assert.equal(short.session.expiresAt, start + hour)
      clock.advance(hour)
      assert.equal(await apps.state(short), 'active')
      clock.advance(1)
      assert.equal(await apps.state(short), 'absolute_timeout')
      while (clock.now() + hour <= start + 10 * hour) {
        await Promise.all([apps.state(shop), server.state(login)])
        clock.advance(hour)
      }
      await apps.state(shop)
      clock.set(start + 10 * hour)
      assert.equal(await apps.state(shop), 'active')
      clock.advance(1)
      assert.equal(await apps.state(shop), 'absolute_timeout')
      assert.equal(await server.state(login), 'absolute_timeout')
    })

    test('PCA-06 what idles at the server takes the applications with it, at the next sweep', async () => {
      const { server, apps, login, forum, clock } = await tree({ idleTimeout: '30m', touchEvery: 0 })
      clock.advance(30 * minute + 1)
      assert.equal(await apps.state(forum), 'active', 'one look is one read: its own record')
      await server.engine.sweep()
      assert.equal(await apps.state(forum), 'idle_timeout')
      assert.equal((await apps.engine.get(forum.session.id))?.endedAt, start + 30 * minute)
      assert.equal(await server.state(login), 'idle_timeout')
    })

    test('PCA-06 a request that finds it over does the same at once', async () => {
      const { server, apps, login, forum, clock } = await tree({ idleTimeout: '30m', touchEvery: 0 })
      clock.advance(30 * minute + 1)
      assert.equal(await server.state(login), 'idle_timeout')
      assert.equal(await apps.state(forum), 'idle_timeout')
    })

    test('PCA-09 a new login resets the login session: another id, another time, the earlier one ended', async () => {
      const { server, login, clock, apps, shop } = await tree()
      clock.advance(hour)
      const { token } = login
      const silent = await server.ask(token)
      assert.ok(silent.state === 'active')
      assert.equal(silent.session.authenticatedAt, start, 'silent authentication resets nothing')
      assert.equal(silent.session.expiresAt, login.session.expiresAt)
      const again = await server.login('u-1', {
        replaces: { id: login.session.id, reason: 'replaced_at_login' },
      })
      assert.notEqual(again.session.id, login.session.id)
      assert.equal(again.session.authenticatedAt, start + hour)
      assert.equal(again.session.expiresAt, start + hour + 7 * 24 * hour)
      assert.equal(await server.state(login), 'replaced_at_login')
      assert.equal(await apps.state(shop), 'replaced_at_login')
    })

    test('every end of a tree is told once, by whoever ended it', async () => {
      const { idp, server, apps, there, login, shop, forum, clock } = await tree()
      await idp.engine.end({ id: there.session.id }, 'admin_revoked', 'ada')
      for (const at of [idp, server, apps]) await at.engine.sweep()
      clock.advance(hour)
      for (const one of [login, shop]) await server.state(one)
      const told = [idp, server, apps].flatMap((at) => at.ended())
      assert.deepEqual(
        new Map(told.map(([id, reason]) => [id, reason])),
        new Map([there, login, shop, forum].map(({ session }) => [session.id, 'admin_revoked'])),
      )
      assert.equal(told.length, 4)
      assert.equal((await apps.engine.get(forum.session.id))?.endedBy, 'ada')
    })

    test('R-27 nothing is started below what is over, or was never there', async () => {
      const { server, apps, login, local, clock } = await tree()
      const before = (await apps.engine.list({ state: 'any' })).items.length
      await assert.rejects(local({ parent: 'nothing' }), { code: 'session_gone', status: 401 })
      clock.advance(11 * hour)
      await assert.rejects(local(), { code: 'session_gone' }, 'over, though nobody has noticed')
      await server.engine.end({ id: login.session.id }, 'user_logout')
      await assert.rejects(local(), { code: 'session_gone' })
      assert.equal((await apps.engine.list({ state: 'any' })).items.length, before)
    })

    test('R-27 a remembered device of an application is not restored once the login that it stood on is over', async () => {
      const { server, apps, login, shop, clock } = await tree()
      clock.advance(2 * hour + 1)
      await server.state(login)
      const { started } = restored(await apps.engine.restore(shop.refresh?.reveal() ?? '', here))
      assert.equal(started.session.parent, login.session.id)
      assert.equal(started.session.expiresAt, start + 10 * hour, 'and lives no longer than that')
      await server.engine.end({ id: login.session.id }, 'user_logout')
      assert.equal((await apps.engine.restore(started.refresh?.reveal() ?? '', here)).state, 'none')
      const dormant = await tree()
      dormant.clock.advance(10 * hour + 1)
      const refresh = dormant.shop.refresh?.reveal() ?? ''
      assert.equal((await dormant.apps.engine.restore(refresh, here)).state, 'none')
    })
  })

test('R-27 a session that was begun in the moment in which its parent ended has ended with it', async () => {
  const inner = anEngine().store
  let parent = ''
  const store = around(inner, async (verb, run) => {
    const answer = await run()
    if (verb === 'find' && parent !== '')
      await inner.end({ realm: 'main', id: parent }, { at: start, reason: 'admin_revoked' })
    return answer
  })
  const { login, live, ended } = anEngine({ store })
  const above = await login()
  parent = above.session.id
  await assert.rejects(login('u-2', { parent }), { code: 'session_gone' })
  assert.equal((await live('u-2')).length, 0)
  assert.deepEqual(
    ended().map(([, reason]) => reason),
    ['admin_revoked'],
  )
})

test('R-27 a device is not restored below a login that ends in that moment', async () => {
  for (const when of ['before', 'after'] as const) {
    const inner = anEngine().store
    let parent = ''
    const store = around(inner, async (verb, run) => {
      const end = async () =>
        inner.end({ realm: 'main', id: parent }, { at: clock.now(), reason: 'user_logout' })
      if (verb === 'restore' && when === 'before') await end()
      const answer = await run()
      if (verb === 'restore' && when === 'after') await end()
      return answer
    })
    const { login, engine, clock, live } = anEngine({ store, policy: { idleTimeout: '1h' } })
    const above = await login('u-0')
    parent = above.session.id
    const { refresh } = await login('u-1', { parent, remember: true })
    clock.advance(50 * minute)
    await engine.touch(parent)
    clock.advance(20 * minute)
    assert.equal((await engine.restore(refresh?.reveal() ?? '', here)).state, 'none', when)
    assert.equal((await live('u-1')).length, 0)
  }
})

test('an end that is no moment is refused', async () => {
  const { login } = anEngine()
  for (const endsAt of [Number.NaN, 1.5, '2026' as unknown as number])
    await assert.rejects(login('u-1', { endsAt }), {
      code: 'invalid_option',
      message: /^endsAt: expected a moment in milliseconds/,
    })
})

function restored(restoration: { readonly state: string }): { readonly started: Started } {
  assert.equal(restoration.state, 'restored')
  return restoration as { readonly state: 'restored'; readonly started: Started }
}
