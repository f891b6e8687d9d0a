import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { minute } from 'sojourn/core'
import { startPostgres } from '../../../../test/services/postgres.ts'
import { missing } from '../../../../test/services/programs.ts'
import {
  aFactorServer,
  byPasskey,
  codesIn,
  email,
  type FactorTest,
  optionsAt,
  security,
} from './factor-server.ts'

describe('second factors on PostgreSQL', { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined
  before(async () => {
    server = await startPostgres()
  })
  after(() => server?.stop())

  /** Two servers of one database: what one gives, the other takes. Each has its own sessions. */
  async function twoServers(t: TestContext): Promise<readonly [FactorTest, FactorTest]> {
    const given = { env: { SOJOURN_DATABASE: server?.url ?? '' } }
    const pair = [await aFactorServer(t, given), await aFactorServer(t, given)] as const
    const known = await pair[0].accounts.findByEmail(email)
    if (known !== undefined) await pair[0].accounts.remove(known.id)
    await pair[0].person(email)
    return pair
  }

  /** So many sign-ins that wait, by turns at both. */
  async function waiting(nodes: readonly [FactorTest, FactorTest], count = 8) {
    const browsers = []
    while (browsers.length < count) browsers.push(await nodes[browsers.length % 2 === 0 ? 0 : 1].firstStep())
    return browsers
  }

  test('an app that was set up at one node is asked for at another; of many who use one code, one gets in', async (t) => {
    const nodes = await twoServers(t)
    const { app, codes } = await nodes[0].setUpApp(await nodes[0].signedIn(email))
    for (const { clock } of nodes) clock.advance(minute)
    const browsers = await waiting(nodes)
    const answers = await Promise.all(
      browsers.map((browser) => browser.submit('/login/second', { code: app.code() })),
    )
    assert.equal(answers.filter(({ location }) => location === '/').length, 1)
    const more = await waiting(nodes)
    const recovery = codes[0] ?? ''
    const recovered = await Promise.all(more.map((browser) => browser.submit('/login/second', { recovery })))
    assert.equal(recovered.filter(({ location }) => location === '/').length, 1)
  })

  test('R-77 guesses of codes are counted over all nodes', async (t) => {
    const nodes = await twoServers(t)
    await nodes[0].setUpApp(await nodes[0].signedIn(email))
    const statuses = []
    for (const browser of await waiting(nodes, 7))
      statuses.push((await browser.submit('/login/second', { code: '000000' })).status)
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429])
  })

  test('a passkey of one node signs in at another, and a challenge of one is answered once at both', async (t) => {
    const nodes = await twoServers(t)
    const own = await nodes[0].signedIn(email)
    const passkey = await nodes[0].addPasskey(own)
    assert.equal((await byPasskey(nodes[1].browser(), passkey)).location, '/')
    const response = passkey.get(await optionsAt(nodes[0].browser(), '/login/passkey/options'))
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        nodes[i % 2 === 0 ? 0 : 1].browser().submit('/login/passkey', { response }),
      ),
    )
    assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    assert.equal((await byPasskey(nodes[1].browser(), passkey, { counter: 1 })).status, 401)
    await own.submit(`${security}/passkeys/${passkey.id}/remove`)
    assert.equal((await byPasskey(nodes[1].browser(), passkey)).status, 401)
  })

  test('of many who make new recovery codes at once, one’s are good, and there are ten', async (t) => {
    const nodes = await twoServers(t)
    const own = await nodes[0].signedIn(email)
    await nodes[0].setUpApp(own)
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => own.submit(`${security}/recovery-codes`)),
    )
    const { id } = (await nodes[0].accounts.findByEmail(email)) ?? { id: '' }
    assert.equal(await nodes[1].factors.recoveryCodes.left(id), 10)
    const good = []
    for (const answer of answers)
      if (await nodes[1].factors.recoveryCodes.spend(id, codesIn(answer)[0] ?? '')) good.push(answer)
    assert.equal(good.length, 1)
  })

  test('R-20 factors go with their account', async (t) => {
    const [one] = await twoServers(t)
    const own = await one.signedIn(email)
    await one.setUpApp(own)
    await one.addPasskey(own)
    const { id } = (await one.accounts.findByEmail(email)) ?? { id: '' }
    await one.accounts.remove(id)
    assert.deepEqual([await one.factors.isOn(id), await one.factors.recoveryCodes.left(id)], [false, 0])
  })
})
