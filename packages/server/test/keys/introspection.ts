import assert from 'node:assert/strict'
import { idOf } from '../a-server.ts'
import { aGround, type Declare, type OpenGround } from '../admin-api/admin-api.ts'
import { aKey, introspect, tokenOf } from './a-key.ts'

const minute = 60_000
const inactive = { active: false }

/** What holds for introspection, on any store. */
export function introspectionOn(test: Declare, name: string, open: OpenGround): void {
  test(`${name}: R-01 a good token answers whose it is, by public ids alone; an ended one is out at once`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const { secret } = await aKey(ada)
    const uma = await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    const id = await idOf(browser)
    const token = tokenOf(browser)
    const answer = await introspect(server, secret, token)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers['set-cookie'], undefined)
    const now = Math.floor(server.clock.now() / 1_000)
    assert.deepEqual(answer.json(), {
      active: true,
      token_type: 'session',
      sub: uma.id,
      sid: id,
      iat: now,
      exp: now + 2 * 60 * 60,
      auth_time: now,
      acr: 'aal1',
      amr: ['pwd'],
      assurance: 1,
      method: 'password',
      roles: ['user'],
    })
    assert.ok(!answer.text.includes(token.split('.')[1] ?? '-'))
    await server.sessions.end({ id }, 'admin_revoked')
    assert.deepEqual((await introspect(server, secret, token)).json(), inactive)
  })

  test(`${name}: what is not good is {"active": false} and nothing more, whatever it is`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const { secret } = await aKey(ada)
    const guest = await server.sessions.start({ request: { ip: null, userAgent: null, passive: false } })
    const pending = await server.sessions.start({
      subject: 'u-1',
      pending: true,
      request: { ip: null, userAgent: null, passive: false },
    })
    await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    const token = tokenOf(browser)
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    await browser.submit('/logout')
    const known = [
      token,
      forged,
      guest.token.reveal(),
      pending.token.reveal(),
      'x',
      '',
      secret,
      '../'.repeat(9),
    ]
    for (const one of known) assert.deepEqual((await introspect(server, secret, one)).json(), inactive, one)
  })

  test(`${name}: P-11 a key of the scope introspect:reason hears why, where the secret was right`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const { secret } = await aKey(ada, ['introspect', 'introspect:reason'])
    await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    const token = tokenOf(browser)
    await server.sessions.end({ id: await idOf(browser) }, 'admin_revoked')
    assert.deepEqual((await introspect(server, secret, token)).json(), {
      active: false,
      reason: 'admin_revoked',
      ended_at: Math.floor(server.clock.now() / 1_000),
    })
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    assert.deepEqual((await introspect(server, secret, forged)).json(), inactive)
  })

  test(`${name}: P-15 A-31 to ask is no activity, unless it is said to be`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const { secret } = await aKey(ada)
    await server.person('uma@example.com')
    const asked = await server.signedIn('uma@example.com')
    const touched = await server.signedIn('uma@example.com')
    const [left, kept] = [tokenOf(asked), tokenOf(touched)]
    for (let i = 0; i < 4; i++) {
      server.clock.advance(30 * minute)
      assert.partialDeepStrictEqual((await introspect(server, secret, left)).json(), { active: true })
      assert.partialDeepStrictEqual((await introspect(server, secret, kept, { touch: true })).json(), {
        active: true,
      })
      await server.sessions.flush()
    }
    server.clock.advance(1)
    assert.deepEqual((await introspect(server, secret, left)).json(), inactive)
    assert.partialDeepStrictEqual((await introspect(server, secret, kept)).json(), { active: true })
  })

  test(`${name}: the address of a person is one, however a socket writes it`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const { secret } = await aKey(ada)
    await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    const token = tokenOf(browser)
    for (const ip of ['', "' or 1", '999.1.1.1', '192.0.2.7:80', '192.0.2.7, 10.0.0.1', 'localhost']) {
      const answer = await introspect(server, secret, token, { touch: true, ip })
      assert.equal(answer.status, 400, ip)
    }
    const moved = () => server.lines.filter((line) => line.includes('session.ip_changed')).length
    await introspect(server, secret, token, { ip: '::ffff:127.0.0.1' })
    assert.equal(moved(), 0, 'it is the one that the session began at')
    await introspect(server, secret, token, { ip: '::ffff:192.0.2.7' })
    assert.equal(moved(), 1)
  })

  test(`${name}: R-20 a disabled account is out at the next question, whatever its sessions say`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const { secret } = await aKey(ada, ['introspect', 'introspect:reason'])
    const uma = await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    await server.accounts.disable(uma.id)
    assert.partialDeepStrictEqual((await introspect(server, secret, tokenOf(browser))).json(), {
      active: false,
      reason: 'account_disabled',
    })
    assert.equal((await server.sessions.list({ subject: uma.id })).items.length, 0)
  })
}
