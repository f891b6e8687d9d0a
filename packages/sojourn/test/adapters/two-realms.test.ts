import assert from 'node:assert/strict'
import express from 'express'
import { test } from 'node:test'
import { sessions } from '../../src/adapters/express.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import type { Visit } from '../../src/web/visit.ts'
import { listen } from './listen.ts'

test('P-03 two realms that hold one answer each save, also where something else wraps the answer between them', async () => {
  const store = memory()
  const [shop, office] = ['shop', 'office'].map((realm) => {
    return createSessions<{ seen: number }>({ store, realm, policy: { cookieName: realm } })
  }) as [
    ReturnType<typeof createSessions<{ seen: number }>>,
    ReturnType<typeof createSessions<{ seen: number }>>,
  ]
  const visits = new WeakMap<object, Visit<{ seen: number }>>()
  const app = express()
  app.use(sessions(shop))
  app.use((request, response, next) => {
    visits.set(request, request.session as Visit<{ seen: number }>)
    const { end } = response
    response.end = ((...args: Parameters<typeof end>) => {
      response.setHeader('X-Between', 'yes')
      return end.apply(response, args)
    }) as typeof end
    next()
  })
  app.use(sessions(office))
  app.get('/', (request, response) => {
    visits.get(request)?.set('seen', 1)
    const visit = request.session as Visit<{ seen: number }>
    visit.set('seen', 2)
    response.end('seen')
  })
  const site = await listen(app)
  try {
    const answer = await fetch(site.url, { signal: AbortSignal.timeout(5_000) })
    assert.equal(await answer.text(), 'seen')
    assert.equal(answer.headers.get('x-between'), 'yes')
    assert.equal(answer.headers.getSetCookie().length, 2)
    for (const [sessions, seen] of [
      [shop, 1],
      [office, 2],
    ] as const) {
      const [session] = (await sessions.list({ subject: null })).items
      assert.deepEqual({ ...(await sessions.data.read(session?.id ?? '')) }, { seen })
    }
  } finally {
    await site.close()
    await Promise.all([shop.close(), office.close()])
  }
})
