import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Passwords } from '../../src/accounts/passwords.ts'
import { aServer, cheap, password } from '../a-server.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'

const api = '/api/v1/admin/users'

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
