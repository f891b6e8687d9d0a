import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { startPostgres } from '../../../../test/services/postgres.ts'
import { missing } from '../../../../test/services/programs.ts'
import { password } from '../a-server.ts'
import { aMailingServer, type MailingTest, tokenOf } from '../mail-server.ts'

const email = 'uma@example.com'
const fresh = 'a wholly new password'

describe('mail and links on PostgreSQL', { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined
  before(async () => {
    server = await startPostgres()
  })
  after(() => server?.stop())

  /** Two servers of one database: what one sends, the other takes. */
  async function twoServers(t: TestContext): Promise<readonly [MailingTest, MailingTest]> {
    const location = server?.url ?? ''
    const given = { env: { SOJOURN_DATABASE: location } }
    const pair = [await aMailingServer(t, given), await aMailingServer(t, given)] as const
    await pair[0].accounts.findByEmail(email).then((known) => known && pair[0].accounts.remove(known.id))
    return pair
  }

  test('a sign-up asked of one node is confirmed at another, once, however many confirm it', async (t) => {
    const [one, other] = await twoServers(t)
    await one.browser().submit('/signup', { name: 'Uma', email, password })
    const token = tokenOf(await one.link(email))
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        (i % 2 === 0 ? one : other).browser().submit('/signup/confirm', { token, password }),
      ),
    )
    assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    assert.ok((await other.accounts.findByEmail(email))?.emailVerifiedAt)
  })

  test('PCA-07 a reset asked of one node is done at another, once, however many do it', async (t) => {
    const [one, other] = await twoServers(t)
    await one.person(email)
    await one.browser().submit('/login/reset', { email })
    const token = tokenOf(await one.link(email))
    const chosen = Array.from({ length: 8 }, (_, i) => `${fresh} ${i}`)
    const answers = await Promise.all(
      chosen.map((password, i) =>
        (i % 2 === 0 ? one : other).browser().submit('/login/reset/password', { token, password }),
      ),
    )
    const winners = chosen.filter((_, i) => answers[i]?.status === 303)
    assert.equal(winners.length, 1)
    for (const node of [one, other])
      assert.equal((await node.browser().submit('/login', { email, password: winners[0] ?? '' })).status, 303)
  })

  test('an address that is taken is refused by the database, and every change raises the revision', async (t) => {
    const [one] = await twoServers(t)
    const { id } = await one.person(email)
    const taken = `${id}@example.com`
    await one.person(taken)
    assert.equal(await one.accounts.setEmail(id, taken.toUpperCase(), true), false)
    assert.equal((await one.accounts.find(id))?.email, email)
    await one.accounts.setPhone(id, '+49301234567')
    await one.accounts.setPassword(id, fresh)
    assert.equal((await one.accounts.find(id))?.credentialRevision, 2)
    assert.equal(await one.accounts.hasPassword(id), true)
  })

  test('the letters to one address are counted over all nodes', async (t) => {
    const [one, other] = await twoServers(t)
    await one.person(email)
    for (const node of [one, other, one, other, one, other])
      await node.browser().submit('/login/link', { email })
    const sent = [...(await one.to(email)), ...(await other.to(email))]
    // The two before were for the same address.
    assert.equal(sent.length, 2)
  })

  test('accounts from before the change are kept, unconfirmed and without a number', async (t) => {
    const [one] = await twoServers(t)
    const { id } = await one.person(email)
    const found = await one.accounts.find(id)
    assert.deepEqual([found?.phone, found?.emailVerifiedAt, found?.credentialRevision], [null, null, 0])
  })
})
