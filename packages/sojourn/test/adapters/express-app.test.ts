import express from 'express'
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { requireLogin, sessions, visitOf } from '../../src/adapters/express.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { Browser } from '../../src/testing/adapter-contract/browser.ts'
import { listen } from './listen.ts'

interface Contents {
  readonly cart: readonly string[]
}

async function withApp(
  mount: (app: express.Express, auth: ReturnType<typeof createSessions<Contents>>) => void,
  run: (
    ask: (path: string, headers?: object) => Promise<Response>,
    cookie: string,
    url: string,
  ) => Promise<void>,
): Promise<void> {
  const auth = createSessions<Contents>({ store: memory(), sweepEvery: null, onWarning: () => {} })
  const app = express().set('env', 'test').use(sessions(auth))
  mount(app, auth)
  const served = await listen(app)
  const { token } = await auth.start({ subject: 'u-1' })
  try {
    const ask = (path: string, headers = {}): Promise<Response> =>
      fetch(served.url + path, { redirect: 'manual', headers: { ...headers } })
    await run(ask, `${auth.web.cookie}=${token.reveal()}`, served.url)
  } finally {
    await served.close()
    await auth.close()
  }
}

test('AUR-15 in a router that is mounted below a path, the way back is the whole path', async () => {
  await withApp(
    (app, auth) => app.use('/shop', express.Router().use(requireLogin(auth))),
    async (_, __, url) => {
      const agent = new Agent()
      const { headers } = await new Browser(url, agent).open('/shop/orders?page=2')
      agent.destroy()
      assert.equal(headers.location, '/login?reason=login_required&return_to=%2Fshop%2Forders%3Fpage%3D2')
    },
  )
})

test('the data of an application has its own type', async () => {
  await withApp(
    (app, auth) =>
      app.get('/', (request, response) => {
        const visit = visitOf(auth, request)
        visit.set('cart', ['apple'])
        const cart: readonly string[] | undefined = visit.get('cart')
        response.json([cart, request.session.subject])
      }),
    async (ask, cookie) => assert.deepEqual(await (await ask('/', { cookie })).json(), [['apple'], 'u-1']),
  )
})

test('P-03 send, json, redirect, render of files: all wait, and come as they would', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-'))
  const file = join(folder, 'page.txt')
  await writeFile(file, 'a page in a file\n'.repeat(20_000))
  try {
    await withApp(
      (app) => {
        app.use((request, _, next) => {
          if (request.query['write'] !== undefined) request.session.set('seen', 'yes')
          next()
        })
        app.get('/send', (_, response) => void response.send('a text'))
        app.get('/json', (_, response) => void response.status(201).json({ a: 1 }))
        app.get('/redirect', (_, response) => response.redirect('/elsewhere'))
        app.get('/file', (_, response) =>
          response.sendFile(file, { cacheControl: false, lastModified: false }),
        )
        app.get('/nothing', (_, response) => void response.status(204).end())
        app.use('/static', express.static(folder))
      },
      async (ask, cookie) => {
        for (const path of [
          '/send',
          '/json',
          '/redirect',
          '/file',
          '/nothing',
          '/static/page.txt',
          '/none',
        ]) {
          const plain = await ask(path, { cookie })
          const held = await ask(`${path}?write=1`, { cookie })
          const shown = async (answer: Response): Promise<unknown> => {
            const headers = Object.fromEntries(answer.headers)
            delete headers['date']
            return { status: answer.status, headers, body: (await answer.text()).replaceAll('?write=1', '') }
          }
          assert.deepEqual(await shown(held), await shown(plain), path)
        }
      },
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a second answer after the first is refused as by Express itself, and reaches nobody', async () => {
  const faults: unknown[] = []
  await withApp(
    (app) =>
      app.get('/', (request, response) => {
        request.session.set('seen', 'yes')
        response.json({ first: true })
        try {
          response.json({ second: true })
        } catch (error) {
          faults.push((error as { code: unknown }).code)
        }
      }),
    async (ask, cookie) => assert.deepEqual(await (await ask('/', { cookie })).json(), { first: true }),
  )
  assert.deepEqual(faults, ['ERR_HTTP_HEADERS_SENT'])
})
