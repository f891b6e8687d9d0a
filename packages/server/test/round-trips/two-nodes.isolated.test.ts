import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { startPostgres } from '../../../../test/services/postgres.ts'
import { missing } from '../../../../test/services/programs.ts'
import { startRedis } from '../../../../test/services/redis.ts'
import { openStore } from '../../src/open-store.ts'
import { RoundTrips } from '../../src/round-trips/round-trips.ts'
import { type Given, idOf } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { anLtiServer } from '../lti/fake-platform.ts'
import { aSamlServer, samlActs } from '../saml/fake-identity-provider.ts'
import { aServerWithIntegrations, type IntegratedTest } from './a-server-with-integrations.ts'
import { postFromElsewhere } from './from-elsewhere.ts'

const skip = missing('postgres') || missing('redis')

describe('sign-ins that go to another site, over two nodes of one PostgreSQL and one Redis', { skip }, () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined
  before(async () => {
    postgres = await startPostgres()
    redis = await startRedis()
  })
  after(async () => {
    await postgres?.stop()
    await redis?.stop()
  })

  async function given(): Promise<Given> {
    const store = await openStore({ store: redis?.url ?? '', cache: null })
    return { store, env: { SOJOURN_DATABASE: postgres?.url ?? '' } }
  }

  /** The same browser, as it stands before another node. */
  function at(node: IntegratedTest, browser: Browser): Browser {
    const other = node.browser()
    for (const cookie of browser.jar.getCookiesSync(browser.origin))
      other.jar.setCookieSync(cookie, other.origin)
    return other
  }

  async function twoSamlNodes(t: TestContext) {
    const one = await aSamlServer(t, { ...(await given()), settings: { unsolicited: 'accepted' } })
    const two = await aServerWithIntegrations(t, await given())
    return { one, two, there: samlActs(two, one.id) }
  }

  test('SAML: who left from one node comes back to another, once at both together', async (t) => {
    const { one, two, there } = await twoSamlNodes(t)
    const browser = one.browser()
    const request = await one.begin(browser)
    const response = one.says(request)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        i % 2 === 0
          ? one.post(at(one, browser), response, request.relayState)
          : there.post(at(two, browser), response, request.relayState),
      ),
    )
    assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    assert.equal(answers.filter(({ status }) => status === 403).length, 11)
    const next = await one.begin(browser)
    const elsewhere = at(two, browser)
    assert.equal((await there.post(elsewhere, one.says(next), next.relayState)).status, 303)
    assert.equal((await two.sessions.get(await idOf(elsewhere)))?.method, 'saml')
    assert.equal((await at(one, elsewhere).go('/account/sessions')).status, 200)
  })

  test('SAML: what the provider begins is taken once at both together', async (t) => {
    const { one, two, there } = await twoSamlNodes(t)
    const response = one.says(null)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        i % 2 === 0 ? one.post(one.browser(), response, '') : there.post(two.browser(), response, ''),
      ),
    )
    assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    assert.equal(answers.filter(({ status }) => status === 403).length, 11)
  })

  test('LTI: a state of one node is spent once at both together, and a nonce with it', async (t) => {
    const one = await anLtiServer(t, await given())
    const two = await aServerWithIntegrations(t, await given())
    const browser = one.browser()
    const { action, fields } = await one.platform.answer((await one.begin(browser)).location)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        postFromElsewhere(at(i % 2 === 0 ? one : two, browser), action, fields),
      ),
    )
    assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    const { location } = await one.begin(browser)
    const again = await one.platform.answer(location)
    const stale = { ...again.fields, id_token: fields['id_token'] ?? '' }
    assert.equal((await postFromElsewhere(at(two, browser), again.action, stale)).status, 403)
    const third = await one.platform.answer((await one.begin(browser)).location)
    const elsewhere = at(two, browser)
    assert.equal((await postFromElsewhere(elsewhere, third.action, third.fields)).status, 303)
    assert.equal((await two.sessions.get(await idOf(elsewhere)))?.method, 'lti')
  })

  test('what another node has closed lets nobody in here', async (t) => {
    const { one, two, there } = await twoSamlNodes(t)
    const browser = one.browser()
    const request = await one.begin(browser)
    await two.integrations.change(one.id, 1, { enabled: false })
    assert.equal((await there.post(at(two, browser), one.says(request), request.relayState)).status, 404)
    assert.equal((await one.post(browser, one.says(request), request.relayState)).status, 404)
  })

  test('what has expired is removed', async (t) => {
    const { one } = await twoSamlNodes(t)
    await one.begin(one.browser())
    one.clock.advance(100 * 60_000)
    await new RoundTrips(one.database, one.clock).sweep()
    assert.deepEqual(await one.database.selectFrom('round_trips').selectAll().execute(), [])
    assert.deepEqual(await one.database.selectFrom('taken_assertions').selectAll().execute(), [])
  })
})
