import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { idOf } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { Passkeys } from '../../src/factors/passkeys.ts'
import { IntegrationSubjects } from '../../src/integrations/integration-subjects.ts'
import { aMailServer } from '../mail-server.ts'
import { anLtiServer, type LtiTest } from './fake-platform.ts'

/** The platform says of its user `u-1` that this is their address: it has not shown it. */
const victim = 'u-1@campus.example'
const chosen = 'a wholly new password'

async function running(t: TestContext) {
  const mail = await aMailServer(t)
  const server = await anLtiServer(t, { env: { SOJOURN_SMTP: mail.url } })
  const attacker = server.browser()
  assert.equal((await server.launch(attacker)).status, 303)
  const token = async (path: string): Promise<string> => {
    assert.equal((await server.browser().submit(path, { email: victim })).status, 200)
    await server.mailer?.idle()
    return /token=([\w.-]+)/.exec(mail.letters.at(-1)?.text ?? '')?.[1] ?? ''
  }
  return { server, attacker, token }
}

async function subjectOf(server: LtiTest, browser: Browser): Promise<string | null | undefined> {
  return (await server.sessions.get(await idOf(browser)))?.subject
}

const ways = {
  'a new password': async (server: LtiTest, token: (path: string) => Promise<string>) => {
    const given = { token: await token('/login/reset'), password: chosen }
    assert.equal((await server.browser().submit('/login/reset/password', given)).status, 303)
    const browser = server.browser()
    const answer = await browser.submit('/login', { email: victim, password: chosen })
    assert.equal(answer.status, 303)
    return browser
  },
  'a sign-in link': async (server: LtiTest, token: (path: string) => Promise<string>) => {
    const browser = server.browser()
    const answer = await browser.submit('/login/link/enter', { token: await token('/login/link') })
    assert.equal(answer.status, 303)
    return browser
  },
}

for (const [what, prove] of Object.entries(ways))
  test(`A-07 whoever shows by ${what} that an address is theirs shares the account with nobody whom an integration gave it to`, async (t) => {
    const { server, attacker, token } = await running(t)
    const before = await idOf(attacker)
    const passkeys = new Passkeys(server.database, server.clock)
    const made = (await server.accounts.findByEmail(victim))?.id ?? assert.fail()
    const planted = { id: 'AAAA', publicKey: new Uint8Array(8), counter: 0, transports: [], name: 'Mine' }
    assert.ok(await passkeys.add({ ...planted, account: made, isSynced: false }))
    const owner = await prove(server, token)
    const account = await server.accounts.findByEmail(victim)
    assert.deepEqual(await passkeys.of(made), [])
    assert.equal(await subjectOf(server, owner), account?.id)
    assert.notEqual(account?.emailVerifiedAt, null)
    assert.equal((await server.sessions.get(before))?.endReason, 'credential_changed')

    const again = server.browser()
    assert.equal((await server.launch(again)).status, 303)
    const other = await server.accounts.find((await subjectOf(server, again)) ?? '')
    assert.ok(other && other.id !== account?.id)
    assert.match(other.email, /@integration\.invalid$/)
    // From now on both are as any others.
    const later = server.browser()
    assert.equal((await server.launch(later)).status, 303)
    assert.equal(await subjectOf(server, later), other.id)
    assert.equal(await subjectOf(server, owner), account?.id)
  })

test('an account that a Super Admin has joined stays joined', async (t) => {
  const { server, token } = await running(t)
  const made = await server.accounts.findByEmail(victim)
  assert.ok(made)
  const subjects = new IntegrationSubjects(server.database, server.accounts, server.clock)
  await subjects.link({ id: server.id }, 'u-2', made.id)
  await ways['a new password'](server, token)
  const known = await subjects.find({ id: server.id }, 'u-2')
  assert.equal(known?.id, made.id)
  assert.equal(await subjects.find({ id: server.id }, 'u-1'), undefined)
})
