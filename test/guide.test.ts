import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createSessions, type Sessions, type SessionsOptions } from 'sojourn'
import { memory } from 'sojourn/stores/memory'
import { FakeClock } from 'sojourn/testing/clock'

const root = join(import.meta.dirname, '..')
const minute = 60_000
const hour = 60 * minute
let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sojourn-guide-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  for (const place of ['guide', 'stores']) {
    for (const page of await readdir(join(root, 'docs', place))) {
      const text = await readFile(join(root, 'docs', place, page), 'utf8')
      const name = `${place === 'guide' ? '' : `${place}-`}${page.replace('.md', '')}`
      for (const [index, [, code = '']] of [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].entries())
        await writeFile(join(folder, `${name}-${index + 1}.ts`), code)
    }
  }
})
after(() => rm(folder, { recursive: true, force: true }))

/** One example of a chapter, as the module that it is. */
async function example<Exports>(name: string): Promise<Exports> {
  return (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as Exports
}

interface Person {
  readonly cookies: Map<string, string>
  get(path: string, headers?: object): Promise<Response>
  post(path: string, body?: object): Promise<Response>
}

/** Serves an application, with as many browsers as are asked for. */
async function served(
  app: unknown,
  run: (person: () => Person, url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(app as RequestListener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const person = (): Person => {
    const cookies = new Map<string, string>()
    const ask = async (path: string, headers: object, init: RequestInit): Promise<Response> => {
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
      const answer = await fetch(url + path, {
        redirect: 'manual',
        ...init,
        headers: { cookie, origin: url, ...headers },
      })
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = '', rest = ''] = /^([^=]*)=([^;]*)(.*)$/.exec(line) ?? []
        if (rest.includes('Max-Age=0')) cookies.delete(name)
        else cookies.set(name, value)
      }
      return answer
    }
    return {
      cookies,
      get: (path, headers = {}) => ask(path, headers, {}),
      post: (path, body = {}) =>
        ask(path, {}, { method: 'POST', body: new URLSearchParams(body as Record<string, string>) }),
    }
  }
  try {
    await run(person, url)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function house<D extends object = Record<string, unknown>>(options: Partial<SessionsOptions<D>> = {}) {
  const clock = new FakeClock()
  const given = { store: memory(), clock, sweepEvery: null, onWarning: () => {} } as const
  const auth: Sessions<D> = createSessions<D>({ ...given, ...options })
  return { clock, auth, given }
}

describe('the examples of the guide, and of the pages on stores', () => {
  test('have the types of the library, without an error', async () => {
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: { lib: ['es2024', 'dom'], noUnusedLocals: false },
        include: ['*.ts'],
      }),
    )
    const { stdout, status } = spawnSync('tsc', ['-p', folder], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH']}`,
      },
    })
    assert.equal(stdout, '')
    assert.equal(status, 0)
  })

  test('every chapter is in the contents and has an example', async () => {
    const contents = await readFile(join(root, 'docs/guide/README.md'), 'utf8')
    for (const chapter of await readdir(join(root, 'docs/guide'))) {
      if (chapter === 'README.md') continue
      assert.ok(contents.includes(`(${chapter})`), chapter)
      await example(`${chapter.replace('.md', '')}-1`)
    }
  })

  test('every page on a store is in the contents and begins with an example', async () => {
    const contents = await readFile(join(root, 'docs/stores/README.md'), 'utf8')
    for (const page of await readdir(join(root, 'docs/stores'))) {
      assert.ok(page === 'README.md' || contents.includes(`(${page})`), page)
      assert.match(await readFile(join(root, 'docs/stores', page), 'utf8'), /^# .+\n\n```ts\n/, page)
    }
  })

  test('SLI-07 R-08 staying signed in: restored in the request itself, and forgotten by a logout', async () => {
    const { site } = await example<{ site: (auth: Sessions<object>) => unknown }>('remember-me-1')
    const { clock, auth } = house<object>()
    await served(site(auth), async (person) => {
      const ada = person()
      await ada.post('/login', { remember: 'on' })
      assert.deepEqual(await (await ada.get('/orders')).json(), { subject: 'u-42', restored: false })
      clock.advance(2 * hour + 1)
      assert.deepEqual(await (await ada.get('/orders')).json(), { subject: 'u-42', restored: true })
      await ada.post('/logout')
      assert.equal(ada.cookies.size, 0)
      const once = person()
      await once.post('/login')
      clock.advance(2 * hour + 1)
      assert.equal((await once.get('/orders')).status, 401)
    })
  })

  test('SLI-40 staying signed in: an overtaken request is sent once more, any other refusal is not', async () => {
    type FetchAgain = (url: string, init?: RequestInit) => Promise<Response>
    const { fetchAgain } = await example<{ fetchAgain: FetchAgain }>('remember-me-2')
    const bodies: string[] = []
    const answers: readonly (readonly [number, object, object])[] = [
      [401, { 'retry-after': '0' }, { reason: 'retry' }],
      [200, {}, {}],
      [401, {}, { reason: 'idle_timeout' }],
      [200, {}, {}],
    ]
    const serve: RequestListener = (request, response) => {
      request.on('data', (piece: Buffer) => bodies.push(piece.toString()))
      request.on('end', () => {
        const [status, headers, body] = answers[bodies.length - 1] ?? [500, {}, {}]
        response.writeHead(status, { ...headers }).end(JSON.stringify(body))
      })
    }
    await served(serve, async (_, url) => {
      const init = { method: 'POST', body: 'a letter' }
      assert.equal((await fetchAgain(url, init)).status, 200)
      assert.equal((await fetchAgain(url, init)).status, 401)
      assert.deepEqual(bodies, ['a letter', 'a letter', 'a letter'])
    })
  })

  test('AUR-12 SLI-31 guests and visitors: cart, activities and orders, from guest to member', async () => {
    interface Order {
      readonly cart: readonly string[]
      readonly fields: { readonly visitor_uid: string; readonly channel: string }
    }
    interface Shop {
      shop(options: object, orders: Order[]): { app: unknown; auth: Sessions<object> }
    }
    const { shop } = await example<Shop>('guests-and-visitors-1')
    const orders: Order[] = []
    const { app, auth } = shop(house().given, orders)
    try {
      await served(app, async (person) => {
        const ada = person()
        const page = await (await ada.get('/shoes')).text()
        await ada.post('/cart/apple')
        await ada.post('/orders')
        await ada.post('/login')
        await ada.post('/orders')
        assert.deepEqual(await (await ada.get('/history')).json(), ['/shoes', '/history'])
        assert.deepEqual(
          orders.map(({ cart }) => cart),
          [['apple'], ['pear', 'apple']],
        )
        await ada.post('/logout')
        await ada.post('/orders')
        const [guest, member, later] = orders.map(({ fields }) => fields)
        assert.deepEqual(guest, member)
        assert.ok(page.includes(`data-visitor="${guest?.visitor_uid}"`))
        assert.notEqual(later?.visitor_uid, guest?.visitor_uid)
        assert.equal(orders[0]?.fields.visitor_uid, member?.visitor_uid, 'the order keeps its own')
      })
    } finally {
      await auth.close()
    }
  })

  test('JAD-10 JAD-11 JAD-17 forms: late, lost, and filled again', async () => {
    const { permits } = await example<{ permits: (auth: Sessions<object>) => unknown }>('forms-1')
    const { clock, auth } = house<object>({ policy: { formTimeout: '10m' } })
    await served(permits(auth), async (person) => {
      const ada = person()
      assert.equal((await ada.post('/permit/1', { street: 'High Street' })).status, 200)
      clock.advance(10 * minute + 1)
      const late = await ada.post('/permit/2', { colour: 'red', pin: '1234' })
      const said = (await late.json()) as { error: string; message: string; answers: unknown }
      assert.deepEqual([late.status, said.error, said.answers], [409, 'form_timeout', [['colour', 'red']]])
      const kept = (await (await ada.get('/permit')).json()) as { answers: unknown }
      assert.deepEqual(kept.answers, [['colour', 'red']])
      await auth.end({ subject: null }, 'maintenance')
      const lost = (await (await ada.post('/permit/2', { colour: 'red' })).json()) as typeof said
      assert.equal(lost.error, 'form_timeout', 'it was late before it was lost')
      await ada.post('/permit/1', { street: 'High Street' })
      await auth.end({ subject: null }, 'maintenance')
      const gone = (await (await ada.post('/permit/2', { colour: 'red' })).json()) as typeof said
      assert.equal(gone.error, 'session_lost')
      assert.notEqual(gone.message, said.message)
    })
  })

  test('P-15 activity and countdowns: polling shows the time that is left, and takes none', async () => {
    interface Office {
      office(options: object): { app: unknown; auth: Sessions<object> }
    }
    const { office } = await example<Office>('activity-and-countdown-1')
    const { remaining } = await example<{ remaining: (answer: Response) => number | undefined }>(
      'activity-and-countdown-2',
    )
    const { given, clock } = house()
    const { app, auth } = office({ ...given, policy: { idleTimeout: '1h', touchEvery: '0s' } })
    const { token } = await auth.start({ subject: 'u-1' })
    try {
      await served(app, async (person) => {
        const ada = person()
        ada.cookies.set(auth.web.cookie, token.reveal())
        const left = async (path: string): Promise<unknown> => remaining(await ada.get(path))
        assert.equal(await left('/desk'), hour)
        clock.advance(10 * minute)
        assert.equal(await left('/api/messages/poll'), 50 * minute)
        assert.equal(await left('/health'), undefined)
        assert.equal(await left('/desk'), hour)
        clock.advance(hour + 1)
        assert.equal(await left('/desk'), 0)
      })
      const twice = new Response('', { headers: { 'session-expires': 'idle=?0, now=1, idle=7, now=3' } })
      assert.equal(remaining(twice), 4)
      assert.equal(
        remaining(new Response('', { headers: { 'session-expires': 'idle=?0, now=3' } })),
        undefined,
      )
    } finally {
      await auth.close()
    }
  })

  test('R-29 P-20 fresh authentication: asked again for what is sensitive, and for nothing else', async () => {
    const { bank } = await example<{ bank: (auth: Sessions<object>) => unknown }>('fresh-authentication-1')
    const { clock, auth } = house<object>()
    await served(bank(auth), async (person) => {
      const ada = person()
      await ada.post('/login')
      assert.equal((await ada.get('/e-mail')).status, 200)
      clock.advance(10 * minute + 1)
      assert.deepEqual([(await ada.get('/e-mail')).status, (await ada.get('/account')).status], [401, 200])
      const refused = await ada.post('/transfer')
      assert.match(refused.headers.get('www-authenticate') ?? '', /acr_values="aal2", max_age="300"/)
      await ada.post('/code')
      assert.deepEqual([(await ada.get('/e-mail')).status, (await ada.post('/transfer')).status], [200, 200])
    })
  })
})
