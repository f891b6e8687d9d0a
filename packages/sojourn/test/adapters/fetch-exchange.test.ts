import assert from 'node:assert/strict'
import { Hono } from 'hono'
import { test } from 'node:test'
import { withSessions } from '../../src/adapters/fetch.ts'
import { sessions } from '../../src/adapters/hono.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import type { Visit } from '../../src/web/visit.ts'

const newAuth = (policy = {}) =>
  createSessions({ store: memory(), sweepEvery: null, onWarning: () => {}, onError: () => {}, policy })
type Auth = ReturnType<typeof newAuth>
type Handle = (request: Request, visit: Visit) => Response | Promise<Response>

/** The two ways to stand on Fetch. */
const ways: {
  readonly [name: string]: (auth: Auth, handle: Handle) => (request: Request) => Promise<Response>
} = {
  fetch: (auth, handle) => withSessions(auth, handle),
  hono: (auth, handle) => {
    const app = new Hono<{ Variables: { session: Visit } }>().use(sessions(auth))
    app.all('*', (context) => handle(context.req.raw, context.get('session')))
    return async (request) => app.fetch(request)
  },
}

const get = (headers = {}): Request => new Request('https://app.example/', { headers })

for (const [name, way] of Object.entries(ways)) {
  test(`${name}: responses of every kind get what the session adds`, async () => {
    const copied = await fetch('data:text/plain,copied')
    const kinds: readonly (readonly [kind: string, response: () => Response, status: number])[] = [
      ['a response', () => new Response('body', { status: 201 }), 201],
      [
        'a redirect, whose headers cannot be changed',
        () => Response.redirect('https://app.example/next', 303),
        303,
      ],
      ['a response that was fetched', () => copied, 200],
      ['no content', () => new Response(null, { status: 204 }), 204],
      ['not modified', () => new Response(null, { status: 304 }), 304],
      ['JSON', () => Response.json({ a: 1 }), 200],
    ]
    for (const [kind, response, status] of kinds) {
      const handle = way(newAuth(), async (_, visit) => {
        await visit.login('u-1')
        return response()
      })
      const answer = await handle(get())
      assert.equal(answer.status, status, kind)
      assert.equal(answer.headers.getSetCookie().length, 1, kind)
      assert.equal(answer.headers.get('cache-control'), 'no-store', kind)
      assert.equal(answer.headers.get('vary'), 'Cookie', kind)
    }
  })

  test(`${name}: the handler’s own cookies and headers stay`, async () => {
    const handle = way(newAuth(), (_, visit) => {
      visit.set('key', 'value')
      const headers: [string, string][] = [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['Vary', 'Accept-Encoding'],
        ['X-Mine', 'mine'],
      ]
      return new Response('body', { headers })
    })
    const { headers } = await handle(get())
    assert.deepEqual(headers.getSetCookie().slice(0, 2), ['a=1', 'b=2'])
    assert.equal(headers.getSetCookie().length, 3)
    assert.equal(headers.get('vary'), 'Accept-Encoding, Cookie')
    assert.equal(headers.get('x-mine'), 'mine')
  })

  test(`${name}: an answer in place of the handler’s has nothing of it but the cookie`, async () => {
    const auth = newAuth()
    const { token, session } = await auth.start({ subject: 'u-1' })
    const handle = way(auth, async (_, visit) => {
      visit.set('key', 'value')
      await auth.end({ id: session.id }, 'admin_revoked')
      return new Response('a secret page', { headers: { 'X-Mine': 'mine', 'Content-Type': 'text/html' } })
    })
    const answer = await handle(get({ cookie: `${auth.web.cookie}=${token.reveal()}` }))
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('x-mine'), null)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.doesNotMatch(await answer.text(), /secret page/)
  })

  test(`${name}: P-03 once the answer has left, the session cannot be written to`, async () => {
    const auth = newAuth()
    let kept: Visit | undefined
    const handle = way(auth, (_, visit) => {
      kept = visit
      return new Response('body')
    })
    await handle(get())
    assert.throws(() => kept?.set('key', 'value'), { code: 'response_started' })
    await assert.rejects(async () => kept?.login('u-1'), { code: 'response_started' })
    assert.equal((await auth.list({ state: 'any' })).items.length, 0)
  })
}

test('fetch: an error of the library that the handler lets through is answered, another one goes on', async () => {
  const refused = await withSessions(newAuth({ limit: 0 }), async (_, visit) => {
    await visit.login('u-1')
    return new Response('in')
  })(get())
  assert.equal(refused.status, 403)
  assert.match(await refused.text(), /"error":"login_disabled_by_limit"/)
  const faulty = withSessions(newAuth(), () => {
    throw new Error('a fault of the application')
  })
  await assert.rejects(faulty(get()), { message: 'a fault of the application' })
})

test('fetch: a response without headers, such as an error, is passed on as it is', async () => {
  const failed = Response.error()
  assert.equal(await withSessions(newAuth(), () => failed)(get()), failed)
})

test('hono: the address comes from where the runtime says it is', async () => {
  const auth = newAuth()
  const app = new Hono<{ Variables: { session: Visit }; Bindings: { peer: string } }>()
  app.use(sessions(auth, { ip: (context: { env: { peer: string } }) => context.env.peer }))
  app.get('/', async (context) => {
    await context.get('session').login('u-1')
    return context.text('in')
  })
  await app.fetch(get(), { peer: '203.0.113.9' })
  assert.equal((await auth.list()).items[0]?.ip, '203.0.113.9')
})
