import assert from 'node:assert/strict'
import type { Store } from 'sojourn'
import { day, hour } from 'sojourn/core'
import { password } from '../a-server.ts'
import {
  anIntegrationServer,
  campus,
  type Declare,
  elsewhere,
  enter,
  follow,
  from,
  type OpenGround,
  path,
  recordOf,
  who,
} from './integration-server.ts'

const portal = 'https://portal.example.edu/'

/** What holds for people who come in by somebody else's word, on any store and database. */
export function waysInOn(test: Declare, name: string, open: OpenGround): void {
  test(`${name}: SLI-05 a session by network or by Referer is never remembered, whatever is asked`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const [network, site] = [await server.network(), await server.site()]
    const [one, other] = [server.browser(), server.browser()]
    const answers = [
      await enter(one, network, campus, { remember: 't', remember_me: 't' }),
      await follow(other, { id: `${site.id}?remember=t&remember_me=t` }, portal),
    ]
    for (const [at, browser] of [one, other].entries()) {
      assert.equal(answers[at]?.status, 303, answers[at]?.text)
      assert.equal((answers[at]?.headers['set-cookie'] ?? []).length, 1, 'the cookie of the session alone')
      const session = await recordOf(server, browser)
      const { rememberedUntil, family, method, restored } = session
      assert.deepEqual(
        { rememberedUntil, family, method, restored },
        { rememberedUntil: null, family: null, method: at === 0 ? 'ip' : 'referer', restored: false },
      )
    }
    server.clock.advance(2 * hour + 60_001)
    for (const browser of [one, other]) assert.equal((await who(browser)).isIn, false)
  })

  test(`${name}: SLI-04 SLI-06 beside them a password is remembered as ever, for 30 days`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    await server.network()
    await server.person('uma@example.com')
    const uma = server.browser()
    await uma.submit('/login', { email: 'uma@example.com', password, remember: 't' }, from(campus))
    const { rememberedUntil } = await recordOf(server, uma)
    assert.equal(rememberedUntil, server.clock.now() + 30 * day)
  })

  test(`${name}: SLI-17 SLI-13 an account that an integration makes carries its limit, whatever holds for everybody`, async (t) => {
    const server = await anIntegrationServer(t, await open(t), { config: { policy: { limit: 1 } } })
    const site = await server.site({ sessionLimit: 3 })
    const browsers = Array.from({ length: 5 }, () => server.browser())
    for (const browser of browsers) {
      assert.equal((await follow(browser, site, portal)).status, 303)
      server.clock.advance(1_000)
    }
    const isIn = []
    for (const browser of browsers) isIn.push((await who(browser)).isIn)
    assert.deepEqual(isIn, [false, false, true, true, true])
  })

  test(`${name}: SLI-16 SLI-18 with a limit of 0 nobody comes in, and the refusal stands with the account and its reason`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const network = await server.network({ sessionLimit: 0 })
    const browser = server.browser()
    const answer = await enter(browser, network)
    assert.equal(answer.status, 403)
    assert.match(answer.text, /its limit of sessions is 0/)
    assert.equal((await who(browser)).isIn, false)
    const account = refusedIn(server)
    const told = (await server.ada.call('GET', `/api/v1/admin/users/${account}/denied-logins`)).json() as {
      limit: number
      why: string
      denied: { reason: string }[]
    }
    assert.equal(told.limit, 0)
    assert.match(told.why, /set for this person/)
    assert.deepEqual(
      told.denied.map(({ reason }) => reason),
      ['login_disabled_by_limit'],
    )
  })

  test(`${name}: SLI-17 SLI-18 the integration's layer of the policy holds for its people, and shows as the source`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const site = await server.site()
    const set = await server.ada.call(
      'POST',
      `/api/v1/admin/settings/layer?kind=integration&name=${site.id}`,
      { revision: 0, set: { limit: 2, idleTimeout: '10m' } },
    )
    assert.equal(set.status, 200, set.text)
    const browsers = [server.browser(), server.browser(), server.browser()]
    for (const browser of browsers) {
      await follow(browser, site, portal)
      server.clock.advance(1_000)
    }
    const [first, , last = server.browser()] = browsers
    assert.equal((await who(first ?? last)).isIn, false)
    const session = await recordOf(server, last)
    assert.equal(session.idleTimeout, 600_000)
    for (const query of [`session=${session.id}`, `user=${session.subject}&method=referer`]) {
      const answer = await server.ada.call('GET', `/api/v1/admin/policies/effective?${query}`)
      const { values } = answer.json() as { values: { option: string; value: string; source: object }[] }
      for (const [option, value] of [
        ['limit', '2'],
        ['idleTimeout', '10m'],
      ])
        assert.deepEqual(
          values.find((one) => one.option === option),
          {
            ...values.find((one) => one.option === option),
            value,
            source: { layer: `integration ${site.id}`, revision: 1 },
          },
        )
    }
    const denied = await server.ada.call('GET', `/api/v1/admin/users/${session.subject}/denied-logins`)
    assert.match((denied.json() as { why: string }).why, /for the people of the integration/)
    const page = await server.ada.go(`/nova/resources/users/${session.subject}`)
    assert.match(page.text, /Made by the integration<\/dt>\s*<dd>\s*<a href="[^"]*">State Library/)
    assert.match(page.text, /At most 2 sessions, set for the people of the integration/)
    const whose = await server.ada.go(`/nova/policies/effective?user=${session.subject}`)
    assert.match(whose.text, /signing in by referer/)
  })

  test(`${name}: disabling and removing end the sessions that it began, and those alone, with the reason`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const [network, site] = [await server.network(), await server.site({ who: 'visit' })]
    const [one, two, three] = [server.browser(), server.browser(), server.browser()]
    await enter(one, network)
    await follow(two, site, portal)
    await follow(three, site, portal)
    const detail = (await server.ada.call('GET', `${path}/${site.id}`)).json() as { sessions: object }
    assert.deepEqual(detail.sessions, { count: 2, complete: true })
    const { id } = await recordOf(server, two)
    const disabled = await server.ada.call('POST', `${path}/${site.id}`, { revision: 1, enabled: false })
    assert.equal((disabled.json() as { ended: number }).ended, 2)
    const ended = await server.sessions.get(id)
    assert.equal(ended?.endReason, 'bulk_revoked')
    assert.notEqual(ended?.endedBy, null)
    assert.deepEqual([(await who(one)).isIn, (await who(two)).isIn], [true, false])
    assert.equal((await follow(two, site, portal)).status, 403)
    const removed = await server.ada.call('DELETE', `${path}/${network.id}`)
    assert.deepEqual(removed.json(), { ended: 1 })
    assert.equal((await who(one)).isIn, false)
    assert.equal((await enter(one, network)).status, 403)
    assert.equal((await server.ada.call('DELETE', `${path}/${network.id}`)).status, 404)
  })

  test(`${name}: a sign-in that is under way while the integration is closed is not let in`, async (t) => {
    const { store, env } = await open(t)
    let close = async (): Promise<unknown> => undefined
    const server = await anIntegrationServer(t, { env, store: whenCreating(store, () => close()) })
    const { ada } = server
    const [disabled, removed] = [await server.site(), await server.site()]
    for (const [site, how] of [
      [disabled, () => ada.call('POST', `${path}/${disabled.id}`, { revision: 1, enabled: false })],
      [removed, () => ada.call('DELETE', `${path}/${removed.id}`)],
    ] as const) {
      const browser = server.browser()
      close = how
      const answer = await follow(browser, site, portal)
      assert.equal(answer.status, 403, answer.text)
      assert.match(answer.text, /closed a moment ago/)
      assert.equal((await who(browser)).isIn, false)
    }
    assert.equal((await server.sessions.list({ method: 'referer' })).items.length, 0)
  })

  test(`${name}: of sign-ins that run while it is removed none lives on`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const site = await server.site()
    const browsers = Array.from({ length: 12 }, () => server.browser())
    const underWay = browsers.map((browser) => follow(browser, site, portal))
    const removed = server.ada.call('DELETE', `${path}/${site.id}`)
    await Promise.all([...underWay, removed])
    for (const browser of browsers) assert.equal((await who(browser)).isIn, false)
  })

  test(`${name}: a visit has a guest of its own, who cannot come back`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const network = await server.network({ who: 'visit' })
    const [one, two] = [server.browser(), server.browser()]
    await enter(one, network)
    await enter(two, network)
    const [first, second] = [await recordOf(server, one), await recordOf(server, two)]
    assert.notEqual(first.subject, second.subject)
    const account = await server.accounts.find(first.subject ?? '')
    assert.match(account?.email ?? '', /@integration\.invalid$/)
    assert.equal(account?.name, 'State Library')
  })

  test(`${name}: a shared account is one for all, and each session its own`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const network = await server.network()
    const [one, two] = [server.browser(), server.browser()]
    await enter(one, network)
    await enter(two, network)
    const [first, second] = [await recordOf(server, one), await recordOf(server, two)]
    assert.equal(first.subject, second.subject)
    assert.notEqual(first.id, second.id)
    await one.submit('/logout', { global_logout: 't' })
    assert.deepEqual([(await who(one)).isIn, (await who(two)).isIn], [false, true])
  })

  test(`${name}: whoever's account is disabled or administers does not come in, and both stand with the account`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const network = await server.network()
    const browser = server.browser()
    await enter(browser, network)
    const account = (await recordOf(server, browser)).subject ?? ''
    await server.accounts.setRoles(account, ['user', 'super-admin'])
    assert.match((await browser.go('/nova/resources/auth-sessions')).location ?? '', /reason=person_required/)
    assert.equal((await browser.call('GET', '/api/v1/admin/sessions')).status, 403)
    assert.match((await enter(server.browser(), network)).text, /does not say who you are/)
    await server.accounts.setRoles(account, ['user'])
    await server.accounts.disable(account)
    const refused = await enter(server.browser(), network)
    assert.equal(refused.status, 403)
    assert.match(refused.text, /This account is disabled/)
    const told = (await server.ada.call('GET', `/api/v1/admin/users/${account}/denied-logins`)).json() as {
      denied: { reason: string }[]
    }
    assert.deepEqual(told.denied.map(({ reason }) => reason).toSorted(), [
      'account_disabled',
      'not_for_administrators',
    ])
  })

  test(`${name}: at the limit the person is asked, or refused, as with a password`, async (t) => {
    const server = await anIntegrationServer(t, await open(t), {
      config: { policy: { limit: 1, onExceed: 'ask-user' } },
    })
    const site = await server.site()
    const [one, two] = [server.browser(), server.browser()]
    await follow(one, site, portal)
    const first = await recordOf(server, one)
    const asked = await follow(two, site, portal)
    assert.equal(asked.location, '/login/choose')
    assert.equal((await who(two)).isIn, false)
    assert.equal((await two.submit('/login/choose', { end: first.id })).status, 303)
    assert.deepEqual([(await who(one)).isIn, (await who(two)).isIn], [false, true])
    assert.deepEqual((await server.ada.call('DELETE', `${path}/${site.id}`)).json(), { ended: 1 })
    assert.equal((await who(two)).isIn, false, 'what was chosen for is known to be its session')
  })

  test(`${name}: the session is a new one, with the way it came about in its record`, async (t) => {
    const server = await anIntegrationServer(t, await open(t))
    const network = await server.network()
    const browser = server.browser()
    await enter(browser, network)
    const session = await recordOf(server, browser)
    assert.deepEqual([session.amr, session.assurance, session.ip], [[], 1, campus])
    assert.deepEqual(
      { ...(await server.sessions.data.read(session.id)) },
      {
        integration: { id: network.id, address: campus },
      },
    )
    const login = server.lines.map((line) => JSON.parse(line) as { event: string; session?: string })
    assert.ok(login.some(({ event, session: id }) => event === 'session.started' && id === session.id))
    const shown = await server.ada.go(`/nova/resources/auth-sessions/${session.id}`)
    assert.match(shown.text, new RegExp(`Begun by the integration\\s+<a[^>]*>${network.id}`))
    const list = await server.ada.go('/nova/resources/auth-sessions?method=ip')
    for (const { text } of [shown, list]) assert.match(text, /<(p|td)>State Library/)
    await browser.submit('/logout', {})
    await enter(browser, network, elsewhere)
    assert.equal((await who(browser)).isIn, false)
  })
}

/** The store, with something that happens just before a session is created in it. */
function whenCreating(store: Store, happens: () => Promise<unknown>): Store {
  return new Proxy(store, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      const verb = value.bind(target) as (...given: readonly unknown[]) => unknown
      return key === 'create'
        ? async (...given: readonly unknown[]) => (await happens(), verb(...given))
        : verb
    },
  })
}

/** The account whose sign-in the log says was refused. */
function refusedIn({ lines }: { readonly lines: readonly string[] }): string {
  const events = lines.map((line) => JSON.parse(line) as { event?: string; subject?: string })
  const subject = events.find(({ event }) => event === 'login.refused')?.subject
  if (subject === undefined) throw new Error('nobody was refused')
  return subject
}
