import express from 'express'
import { describe, test } from 'node:test'
import { text } from 'node:stream/consumers'
import { requireFresh, requireLogin, sessions, visitOf } from '../../src/adapters/express.ts'
import { adapterContract, sendAnswer } from '../../src/testing/adapter-contract.ts'
import { listen } from './listen.ts'

describe('express keeps the contract', () => {
  adapterContract(test, (auth, routes) => {
    const app = express().set('env', 'test').use(sessions(auth))
    for (const { method, path, guarded, fresh, handle } of routes) {
      if (guarded) app.use(path, requireLogin(auth))
      if (fresh) app.use(path, requireFresh(auth, fresh))
      app[method === 'GET' ? 'get' : 'post'](path, async (request, response) =>
        sendAnswer(response, await handle(visitOf(auth, request), request.url, () => text(request))),
      )
    }
    return listen(app)
  })
})
