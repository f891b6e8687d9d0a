import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { requireFresh, requireLogin } from '../../src/adapters/express.ts'
import { withSessions } from '../../src/adapters/node.ts'
import { adapterContract, sendAnswer } from '../../src/testing/adapter-contract.ts'
import { listen } from './listen.ts'

describe('node keeps the contract', () => {
  adapterContract(test, (auth, routes) => {
    const guard = requireLogin(auth)
    return listen(
      withSessions(auth, async (request, response, visit) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost')
        const route = routes.find(({ method, path }) => method === request.method && path === pathname)
        if (route === undefined) return response.writeHead(404).end()
        const go = async (): Promise<void> =>
          sendAnswer(response, await route.handle(visit, request.url ?? '/', () => text(request)))
        const gate = route.fresh ? requireFresh(auth, route.fresh) : route.guarded ? guard : undefined
        return gate === undefined ? go() : gate(request, response, () => void go())
      }),
    )
  })
})
