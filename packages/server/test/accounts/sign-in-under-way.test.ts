import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Passwords } from '../../src/accounts/passwords.ts'
import { aServer, cheap, idOf, password } from '../a-server.ts'
import { aFactorServer, email } from '../factors/factor-server.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'

const api = '/api/v1/admin/users'
const minute = 60_000

/** Passwords of which the next one that is judged is held up, after it was found right. */
class HeldPasswords extends Passwords {
  #reached = Promise.withResolvers<void>()
  #goOn: Promise<void> = Promise.resolve()
  #release = (): void => {}

  /** Resolves once somebody's password was judged. */
  hold(): Promise<void> {
    const gate = Promise.withResolvers<void>()
    this.#goOn = gate.promise
    this.#release = gate.resolve
    this.#reached = Promise.withResolvers<void>()
    return this.#reached.promise
  }

  letGo(): void {
    this.#release()
  }

  override async verify(...judged: Parameters<Passwords['verify']>): ReturnType<Passwords['verify']> {
    const found = await super.verify(...judged)
    this.#reached.resolve()
    await this.#goOn
    return found
  }
}

type Change = readonly [method: string, path: string, body?: object]

const changes: { readonly [what: string]: (id: string) => Change } = {
  disable: (id) => ['POST', `${api}/${id}/disable`, {}],
  delete: (id) => ['DELETE', `${api}/${id}`],
  'other roles': (id) => ['POST', `${api}/${id}/roles`, { roles: ['user', 'super-admin'] }],
}

for (const [what, change] of Object.entries(changes))
  test(`R-04 R-20 a sign-in that is under way when an administrator says “${what}” leaves no session`, async (t) => {
    const passwords = new HeldPasswords({ cost: cheap })
    const server = await aServer(t, { passwords })
    const ada = await aSuperAdmin(server)
    const { id } = await server.person('uma@example.com')
    const uma = server.browser()
    const judged = passwords.hold()
    const signing = uma.submit('/login', { email: 'uma@example.com', password })
    await judged
    const answer = await ada.call(...change(id))
    assert.ok(answer.status < 300, answer.text)
    passwords.letGo()
    assert.equal((await signing).status, 401)
    assert.deepEqual((await server.sessions.list({ subject: id, state: 'live' })).items, [])
    assert.equal((await uma.go('/account')).status, 303)
    if (what !== 'other roles') return
    assert.equal((await uma.submit('/login', { email: 'uma@example.com', password })).status, 303)
    const [session] = (await server.sessions.list({ subject: id, state: 'live' })).items
    assert.deepEqual(session?.roles, ['user', 'super-admin', 'administrator'])
  })

const waitingSince = {
  'its second step': async (t: TestContext) => {
    const server = await aFactorServer(t)
    await server.person(email)
    const { app } = await server.setUpApp(await server.signedIn(email))
    server.clock.advance(minute)
    const browser = await server.firstStep()
    return { server, browser, goOn: () => browser.submit('/login/second', { code: app.code() }) }
  },
  'the choice of a session to end': async (t: TestContext) => {
    const policy = { extends: 'stay-logged-in', limit: 1, onExceed: 'ask-user' } as const
    const server = await aServer(t, { config: { policy } })
    await server.person(email)
    const first = await idOf(await server.signedIn(email))
    const browser = await server.signedIn(email)
    return { server, browser, goOn: () => browser.submit('/login/choose', { session: first }) }
  },
}

for (const [what, begin] of Object.entries(waitingSince))
  for (const change of ['disable', 'other roles'])
    test(`R-20 a sign-in that waits for ${what} leads nowhere after an administrator has said “${change}”, whatever they say later`, async (t) => {
      const { server, browser, goOn } = await begin(t)
      const id = (await server.accounts.findByEmail(email))?.id ?? ''
      const ada = await aSuperAdmin(server)
      assert.equal((await ada.call(...(changes[change]?.(id) ?? assert.fail()))).status, 200)
      assert.equal((await ada.call('POST', `${api}/${id}/enable`, {})).status, 200)
      const answer = await goOn()
      assert.match(answer.location ?? '', /^\/login/)
      assert.equal((await browser.go('/account')).status, 303)
      assert.deepEqual((await server.sessions.list({ subject: id, state: 'live' })).items, [])
    })
