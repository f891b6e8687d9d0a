import type { ActivityKind } from '../../core/activities.ts'
import type { AssuranceLevel, Data } from '../../core/session.ts'
import type { FreshLogin } from '../../web/gate.ts'
import { withVisitorUid } from '../../web/order-fields.ts'
import type { Visit } from '../../web/visit.ts'
import type { Answer } from './answer.ts'
import type { Gate } from './gate.ts'

/** One route of the site under test, in no framework's words. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Stands behind the adapter's `requireLogin`. */
  readonly guarded?: true
  /** Stands behind the adapter's `requireFresh`. */
  readonly fresh?: FreshLogin
  /** `target`: the path and query of the request, or its whole URL. `body`: reads the whole of the request's body. */
  handle(visit: Visit, target: string, body: Body): Answer | Promise<Answer>
}

type Body = () => Promise<string>
type Query = (name: string) => string | undefined
type Handle = (visit: Visit, query: Query, body: Body) => Answer | Promise<Answer>

const seeOther = (Location: string): Answer => ({ status: 303, headers: { Location } })
const json = (value: unknown): Answer => ({
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})

/** What a small application does. `gate`: where the routes below `/gate` wait. */
export function routesOf(gate: Gate): readonly Route[] {
  return [
    get('/plain', () => ({ body: 'plain' })),
    get('/public', () => ({ headers: { 'Cache-Control': 'public, max-age=60' }, body: 'for everybody' })),
    get('/session', ({ session }) => json(session)),
    get('/whoami', ({ isLoggedIn, subject, id, ended }) => json({ isLoggedIn, subject, id, ended })),
    get('/read', (visit, query) => json(visit.get(query('key') ?? '') ?? null)),
    { ...get('/account', () => ({ body: 'the account page' })), guarded: true },
    { ...post('/account', () => ({ body: 'changed' })), guarded: true },
    { ...post('/echo', async (_, __, body) => ({ body: await body() })), guarded: true },
    { ...get('/recent', () => ({ body: 'for who logged in just now' })), fresh: { maxAge: '10m' } },
    { ...get('/strong', () => ({ body: 'for two factors' })), fresh: { assurance: 2, amr: ['otp'] } },
    post('/login', async (visit, query) => {
      const cart = query('cart')
      if (cart !== undefined) visit.set('cart', JSON.parse(cart))
      const login = visit.login(query('subject') ?? 'u-1', {
        method: query('method') ?? 'password',
        remember: query('remember') !== undefined,
        assurance: Number(query('assurance') ?? 1) as AssuranceLevel,
        amr: query('amr')?.split(',') ?? ['pwd'],
        pending: query('pending') !== undefined,
        data: JSON.parse(query('data') ?? '{}') as Data,
      })
      if (query('unawaited') === undefined) await login
      return seeOther('/whoami')
    }),
    post('/activate', async (visit, query) =>
      json(await visit.activate({ amr: query('amr')?.split(',') ?? ['otp'] })),
    ),
    get('/choice', async (visit) => json({ waiting: visit.waiting, choice: await visit.choice() })),
    post('/choose', async (visit, query) => json(await visit.choose(query('end')))),
    post('/elevate', async (visit) => {
      await visit.elevate({ amr: ['otp'], assurance: 2 })
      return { body: 'proven' }
    }),
    post('/renew', async (visit) => {
      await visit.renew()
      return { body: 'renewed' }
    }),
    post('/logout', async (visit, query) => {
      await visit.logout({ everywhere: query('everywhere') !== undefined })
      return seeOther('/')
    }),
    post('/gate/logout', async (visit) => {
      await gate.pass()
      void visit.logout()
      return seeOther('/')
    }),
    post('/gate/login', async (visit, query) => {
      await gate.pass()
      const login = visit.login('u-1')
      if (query('caught') === undefined) return seeOther('/whoami')
      return login.then(
        () => seeOther('/whoami'),
        () => ({ status: 409, body: 'not now' }),
      )
    }),
    post('/write', (visit, query) => {
      visit.set(query('key') ?? 'key', query('value') ?? 'value')
      return { body: 'written' }
    }),
    post('/cart', (visit, query) => {
      visit.set('cart', JSON.parse(query('items') ?? '[]'))
      return { body: 'filled' }
    }),
    post('/update', async (visit) => {
      const count = await visit.update('visits', (visits = 0) => (visits as number) + 1)
      return json([count, visit.get('visits')])
    }),
    post('/delete', (visit, query) => {
      visit.delete(query('key') ?? 'key')
      return { body: 'deleted' }
    }),
    post('/public', (visit) => {
      visit.set('key', 'value')
      return { headers: { 'Cache-Control': 'public, max-age=60', ETag: '"1"' }, body: 'not for everybody' }
    }),
    post('/gate/write', async (visit, query) => {
      await gate.pass()
      visit.set(query('key') ?? 'key', query('value') ?? 'value')
      return { body: 'written' }
    }),
    post('/gate/add', async (visit) => {
      await gate.pass()
      visit.add('count')
      return { body: 'added' }
    }),
    post('/flash', (visit, query) => {
      visit.flash('error', query('message') ?? 'wrong password')
      return seeOther('/notice')
    }),
    get('/notice', async (visit) => json((await visit.takeFlash('error')) ?? null)),
    get('/gate/notice', async (visit) => {
      await gate.pass()
      return json((await visit.takeFlash('error')) ?? null)
    }),
    get('/visitor', (visit) => json(visit.visitorUid)),
    post('/order', (visit) => json(withVisitorUid(visit, { channel: 'web' }))),
    post('/form', async (visit, query, body) => {
      const form = visit.form('parking')
      const outcome = await form.submit(Number(query('page')), new URLSearchParams(await body()), {
        secrets: ['pin'],
      })
      return json({ ...outcome, deadline: form.deadline })
    }),
    get('/form', (visit) => {
      const { deadline, draft } = visit.form('parking')
      return json({ deadline, draft })
    }),
    post('/activity', (visit, query) => {
      visit.activity((query('kind') ?? 'page_view') as ActivityKind, query('name') ?? '/', { first: true })
      return json(visit.activities)
    }),
    get('/activities', (visit) => json(visit.activities)),
    post('/throw', (visit) => {
      visit.set('key', 'value')
      throw new Error('a fault of the application')
    }),
    get('/stream', () => ({ body: pieces(1_000) })),
    post('/stream', (visit) => {
      visit.set('key', 'value')
      return { body: pieces(1_000) }
    }),
  ]
}

/** What `/stream` sends. */
export const streamed = 'a piece of a stream\n'.repeat(1_000)

async function* pieces(count: number): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) yield 'a piece of a stream\n'
}

function get(path: string, handle: Handle): Route {
  return { method: 'GET', path, handle: (visit, target, body) => handle(visit, queryOf(target), body) }
}

function post(path: string, handle: Handle): Route {
  return { ...get(path, handle), method: 'POST' }
}

function queryOf(target: string): Query {
  const { searchParams } = new URL(target, 'http://localhost')
  return (name) => searchParams.get(name) ?? undefined
}
