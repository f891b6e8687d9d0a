import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyInput } from '../../src/core/layers.ts'
import type { PolicyValues } from '../../src/core/policy.ts'
import type { StartInput } from '../../src/engine/start.ts'
import { hour, minute } from '../../src/testing/fixtures.ts'
import { anEngine, browser, stores } from './an-engine.ts'

const here = { userAgent: browser, ip: '203.0.113.7', passive: false }

/** Each layer sets another limit, so that it shows which one holds. */
const layered: PolicyInput = {
  limit: 9,
  realms: { shop: { limit: 8 }, office: { limit: 1 } },
  apps: { forum: { limit: 7 } },
  roles: { editor: { limit: 6 }, guestbook: { limit: 5 } },
  methods: { saml: { limit: 4 } },
  integrations: { library: { limit: 3 } },
}

for (const [name, open] of stores)
  describe(`layers of limits on ${name}`, () => {
    const engineOf = () =>
      anEngine({
        store: open(),
        realm: 'shop',
        policy: layered,
        subjectIntegration: (subject) => (subject.startsWith('reader') ? 'library' : undefined),
        subjectPolicy: (subject): PolicyValues | undefined =>
          subject.endsWith('own') ? { limit: 2 } : undefined,
      })

    test('SLI-12 SLI-13 SLI-15 the limit nearest to the person holds, from the install to the person', async () => {
      const { engine, login, live } = engineOf()
      const cases: readonly (readonly [string, StartInput, number, string])[] = [
        ['anybody', {}, 8, 'realm shop'],
        ['user-app', { app: 'forum' }, 7, 'app forum'],
        ['user-role', { app: 'forum', roles: ['editor', 'guestbook'] }, 5, 'role guestbook'],
        ['user-saml', { roles: ['editor'], method: 'saml' }, 4, 'method saml'],
        ['reader-1', { roles: ['editor'], method: 'saml' }, 3, 'integration library'],
        ['reader-own', { method: 'saml' }, 2, 'subject'],
      ]
      for (const [subject, input, limit, source] of cases) {
        const { app, roles, method } = input
        const explained = await engine.explainLimit({
          subject,
          ...(app === undefined ? {} : { app }),
          ...(roles === undefined ? {} : { roles }),
          ...(method === undefined ? {} : { method }),
        })
        assert.deepEqual([explained.limit, explained.source], [limit, source])
        for (let count = 0; count < limit + 2; count++) await login(subject, input)
        assert.equal((await live(subject)).length, limit, subject)
      }
    })

    test('SLI-14 another global limit is none of theirs who have their own', async () => {
      const { engine, login, live } = engineOf()
      for (const limit of [1, 20]) {
        await engine.applyPolicy({ limit })
        for (let count = 0; count < 4; count++) await login('reader-own')
        assert.equal((await live('reader-own')).length, 2)
      }
    })

    test('SLI-17 who came through an integration carries its limit, also where a device is restored', async () => {
      const { engine, login, live, clock } = engineOf()
      const remembered = []
      for (let count = 0; count < 3; count++) {
        remembered.push(await login('reader-1', { remember: true }))
        clock.advance(minute)
      }
      clock.advance(3 * hour)
      for (let count = 0; count < 3; count++) await login('reader-1')
      const restored = await engine.restore(remembered[0]?.refresh?.reveal() ?? '', here)
      assert.equal(restored.state, 'restored')
      assert.equal((await live('reader-1')).length, 3)
    })

    test('SLI-18 an administrator is told whose limit it is, what it set aside, and which logins it refused', async () => {
      const { engine, login, events } = anEngine({
        store: open(),
        policy: { limit: 2, roles: { reader: { limit: 3 } } },
        subjectIntegration: async () => 'library',
        subjectPolicy: async () => ({ limit: 0 }),
      })
      await assert.rejects(login('u-1', { roles: ['reader'] }), { code: 'login_disabled_by_limit' })
      const explained = await engine.explainLimit({ subject: 'u-1', roles: ['reader'] })
      assert.equal(
        explained.sentence,
        'May not log in: no session at all, set for this person; this prevails over 2 for everybody, 3 for the role reader.',
      )
      assert.deepEqual(
        events.map((event) => (event.type === 'login.refused' ? [event.subject, event.reason] : event.type)),
        [['u-1', 'login_disabled_by_limit']],
      )
    })

    test('SLI-16 P-08 0 at any layer refuses the login before any row, and is no failed password', async () => {
      for (const policy of [
        { limit: 0 },
        { realms: { main: { limit: 0 } } },
        { apps: { forum: { limit: 0 } } },
        { roles: { barred: { limit: 0 } } },
        { methods: { saml: { limit: 0 } } },
        { integrations: { library: { limit: 0 } } },
      ] as const) {
        const { engine, login, guest, events, state } = anEngine({
          store: open(),
          policy,
          subjectIntegration: () => 'library',
        })
        const input = { app: 'forum', roles: ['barred'], method: 'saml' }
        const visitor = await guest()
        for (const refused of [
          login('u-1', input),
          login('u-1', { ...input, pending: true }),
          engine.upgrade(visitor.session.id, { subject: 'u-1', ...input }),
        ])
          await assert.rejects(refused, { code: 'login_disabled_by_limit', status: 403 })
        assert.equal((await engine.list({ subject: 'u-1', state: 'any' })).items.length, 0)
        assert.equal(await state(visitor), 'active')
        assert.equal(events.filter(({ type }) => type === 'login.refused').length, 3)
      }
    })

    test('a realm has timeouts of its own, and the tightest holds', async () => {
      const { login, clock, state } = anEngine({
        store: open(),
        realm: 'office',
        policy: { idleTimeout: '2h', realms: { office: { idleTimeout: '1h', touchEvery: 0 } } },
      })
      const one = await login()
      assert.equal(one.session.idleTimeout, hour)
      clock.advance(hour)
      assert.equal(await state(one, { passive: true }), 'active')
      clock.advance(1)
      assert.equal(await state(one), 'idle_timeout')
    })
  })
