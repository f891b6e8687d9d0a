import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { requireLogin, withSessions } from '../../src/adapters/fetch.ts'
import { presets } from '../../src/core/presets/index.ts'
import type { PolicyInput } from '../../src/core/layers.ts'
import { createSessions } from '../../src/create-sessions.ts'
import type { WebOptions } from '../../src/web/options.ts'
import { memory } from '../../src/stores/memory.ts'

const secret = 'an install secret of thirty-two characters'
const origin = 'https://app.example'

function aSite(policy: PolicyInput = 'rodauth', options: Partial<WebOptions> = {}) {
  const auth = createSessions({ store: memory(), policy, secret, sweepEvery: null, ...options })
  const ids: (string | null)[] = []
  const handler = withSessions(auth, async (request, visit) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/login') await visit.login('u-1')
    if (pathname === '/logout') await visit.logout()
    ids.push(visit.id)
    return requireLogin(auth, request, visit) ?? new Response('in')
  })
  return {
    auth,
    ids,
    ask(path: string, cookie = '', accept = 'text/html') {
      const method = path === '/' ? 'GET' : 'POST'
      return handler(new Request(origin + path, { method, headers: { cookie, accept, origin } }))
    },
  }
}

const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''

describe('what Rodauth lets an application choose', () => {
  test('ROD-08 there is no policy without a sign-out: it works under every preset', async () => {
    for (const preset of Object.keys(presets)) {
      const site = aSite({ extends: preset, fingerprint: 'none' } as PolicyInput)
      const cookie = cookieOf(await site.ask('/login'))
      assert.equal((await site.ask('/', cookie)).status, 200, preset)
      await site.ask('/logout', cookie)
      assert.equal((await site.ask('/', cookie)).status, 303, preset)
    }
  })

  test('ROD-19 the key that the session is found by is the cookie, whose name is chosen', async () => {
    const site = aSite({ extends: 'rodauth', cookieName: 'active_session_id' })
    const cookie = cookieOf(await site.ask('/login'))
    assert.match(cookie, /^__Host-Http-active_session_id=/)
    assert.equal((await site.ask('/', cookie)).status, 200)
  })

  test('ROD-22 the application reads the key of the current session; nobody else is shown one that opens it', async () => {
    const site = aSite()
    const login = await site.ask('/login')
    const cookie = cookieOf(login)
    await site.ask('/', cookie)
    const [, id] = site.ids
    assert.equal((await site.auth.get(id ?? ''))?.subject, 'u-1')
    assert.equal((await site.ask('/', `${cookie.split('=')[0]}=${id}`)).status, 303)
    assert.equal((await login.text()).includes(cookie.split('=')[1] ?? ''), false)
  })

  test('ROD-27 what an inactive session leads to can be replaced, and is a redirect with the reason if not', async () => {
    const usual = aSite()
    const gone = cookieOf(await usual.ask('/login'))
    await usual.auth.end({ subject: 'u-1' }, 'admin_revoked')
    const redirect = await usual.ask('/', gone)
    assert.equal(redirect.status, 303)
    assert.equal(redirect.headers.get('location'), '/login?reason=admin_revoked')

    const heard: string[] = []
    const own = aSite('rodauth', {
      onLoginRequired(exchange, reason) {
        heard.push(`${exchange.method} ${reason}`)
        return exchange.method === 'GET'
          ? { status: 410, headers: [['X-Reason', reason]], body: 'gone' }
          : undefined
      },
    })
    const cookie = cookieOf(await own.ask('/login'))
    await own.auth.end({ subject: 'u-1' }, 'user_revoked')
    const answer = await own.ask('/', cookie)
    assert.deepEqual(
      [answer.status, answer.headers.get('x-reason'), await answer.text()],
      [410, 'user_revoked', 'gone'],
    )
    assert.equal((await own.ask('/logout', cookie, 'application/json')).status, 401)
    assert.deepEqual(heard, ['GET user_revoked', 'POST login_required'])
  })
})
