import { describe, test } from 'node:test'
import { requireFresh, requireLogin, withSessions } from '../../src/adapters/fetch.ts'
import { adapterContract, responseFrom } from '../../src/testing/adapter-contract.ts'
import { listenFetch } from './listen-fetch.ts'

describe('fetch keeps the contract', () => {
  adapterContract(test, (auth, routes) =>
    listenFetch(
      withSessions(auth, async (request, visit) => {
        const { pathname } = new URL(request.url)
        const route = routes.find(({ method, path }) => method === request.method && path === pathname)
        const refusal =
          (route?.guarded && requireLogin(auth, request, visit)) ??
          (route?.fresh && requireFresh(auth, route.fresh, request, visit))
        if (refusal) return refusal
        return route
          ? responseFrom(await route.handle(visit, request.url, () => request.text()))
          : new Response(null, { status: 404 })
      }),
    ),
  )
})
