import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { DeniedLogins, deniedKept } from '../../src/denied/denied-logins.ts'
import { openDatabase } from '../../src/database/open-database.ts'
import { password, type RunningTest } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { save } from '../settings/a-settings-page.ts'
import { aGround, type Declare, type OpenGround } from './admin-api.ts'

interface Told {
  readonly limit: number | 'unlimited'
  readonly why: string
  readonly denied: readonly { readonly at: number; readonly reason: string; readonly sentence: string }[]
}

/** What holds for the sign-ins that a limit refused, in any database. */
export function deniedLoginsOn(test: Declare, name: string, open: OpenGround): void {
  test(`${name}: SLI-18 SLI-16 of somebody it is told which sign-ins their limit refused, why, and the limit that holds`, async (t) => {
    const { server, ada } = await aGround(t, open)
    await server.person('sue@example.com', { roles: ['store-admin'] })
    const uma = await server.person('uma@example.com', { sessionLimit: 0 })
    const sue = await server.signedIn('sue@example.com')
    const path = `/api/v1/admin/users/${uma.id}/denied-logins`
    assert.deepEqual(((await sue.call('GET', path)).json() as Told).denied, [])
    assert.match((await sue.go(`/nova/resources/users/${uma.id}`)).text, /None of the last 30 days/)
    await refused(server)
    await server.browser().submit('/login', { email: 'uma@example.com', password: 'wrong' })
    const told = await toldOf(sue, path, 1)
    assert.equal(told.limit, 0)
    assert.match(told.why, /set for this person/)
    assert.deepEqual(
      told.denied.map(({ at, reason }) => [at, reason]),
      [[server.clock.now(), 'login_disabled_by_limit']],
    )
    assert.match(told.denied[0]?.sentence ?? '', /limit of sessions is 0/)
    await save(ada, `/nova/resources/users/${uma.id}/limit`, { limit: '1' })
    await save(ada, '/nova/settings/users', { onExceed: 'deny' })
    server.clock.advance(1)
    await server.signedIn('uma@example.com')
    await refused(server)
    assert.deepEqual(
      (await toldOf(sue, path, 2)).denied.map(({ reason }) => reason),
      ['login_refused_by_limit', 'login_disabled_by_limit'],
    )
    const { text } = await sue.go(`/nova/resources/users/${uma.id}`)
    assert.match(text, /Refused sign-ins[\s\S]*as many devices as it may be[\s\S]*login_refused_by_limit/)
    assert.equal((await sue.call('GET', '/api/v1/admin/users/nobody/denied-logins')).status, 404)
    await server.accounts.remove(uma.id)
    assert.equal((await sue.call('GET', path)).status, 404)
  })

  test(`${name}: P-17 refused sign-ins are kept 30 days to the millisecond, and the newest 20 of a person`, async (t) => {
    const { env } = await open(t)
    const location = env['SOJOURN_DATABASE'] ?? 'sqlite::memory:'
    const database = await openDatabase(location)
    t.after(() => database.destroy())
    const account = { id: 'a', email: 'a', email_key: 'a', name: 'a', roles: '[]', created_at: 0 }
    const none = { password_hash: null, session_limit: null, disabled_at: null, phone: null }
    const rest = { email_verified_at: null, credential_revision: 0 }
    await database
      .insertInto('accounts')
      .values({ ...account, ...none, ...rest })
      .execute()
    let now = 1_000_000_000_000
    const denied = new DeniedLogins(database, { now: () => now })
    const refuse = (at: number) =>
      denied.hear({ type: 'login.refused', at, subject: 'a', reason: 'login_disabled_by_limit' })
    const rows = async () => (await database.selectFrom('denied_logins').select('at').execute()).length
    for (let i = 0; i < deniedKept.most + 5; i++) await refuse(now + i)
    assert.equal(await rows(), deniedKept.most)
    assert.equal((await denied.of('a')).at(-1)?.at, now + 5)
    assert.deepEqual(await denied.of('b'), [])
    now += 5 + deniedKept.for
    await denied.sweep()
    assert.deepEqual([(await denied.of('a')).length, await rows()], [20, 20])
    now += 1
    assert.equal((await denied.of('a')).length, 19)
    await denied.sweep()
    assert.equal(await rows(), 19)
    await database.deleteFrom('accounts').where('id', '=', 'a').execute()
    assert.equal(await rows(), 0, 'they go with their account')
  })
}

async function refused(server: RunningTest): Promise<void> {
  const answer = await server.browser().submit('/login', { email: 'uma@example.com', password })
  assert.equal(answer.status, 403)
}

/** It is written beside the answer to the sign-in. */
async function toldOf(browser: Browser, path: string, count: number): Promise<Told> {
  for (;;) {
    const told = (await browser.call('GET', path)).json() as Told
    if (told.denied.length >= count) return told
    await setTimeout(5)
  }
}
