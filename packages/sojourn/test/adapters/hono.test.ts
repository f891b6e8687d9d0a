import { Hono } from 'hono'
import { describe, test } from 'node:test'
import { requireFresh, requireLogin, sessions } from '../../src/adapters/hono.ts'
import { adapterContract, responseFrom } from '../../src/testing/adapter-contract.ts'
import type { Visit } from '../../src/web/visit.ts'
import { listenFetch } from './listen-fetch.ts'

describe('hono keeps the contract', () => {
  adapterContract(test, (auth, routes) => {
    const app = new Hono<{ Variables: { session: Visit } }>().use(sessions(auth))
    app.onError((_, context) => context.text('internal', 500))
    for (const { method, path, guarded, fresh, handle } of routes) {
      if (guarded) app.use(path, requireLogin(auth))
      if (fresh) app.use(path, requireFresh(auth, fresh))
      app.on(method, path, async (context) =>
        responseFrom(await handle(context.get('session'), context.req.url, () => context.req.text())),
      )
    }
    return listenFetch((request) => app.fetch(request))
  })
})
