import assert from 'node:assert/strict'
import { connect, createServer, type IncomingHttpHeaders } from 'node:http2'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { sessions, visitOf } from '../../src/adapters/express.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'

test('P-03 the middleware serves HTTP/2 as well: login, write, refusal, stream', async () => {
  const auth = createSessions({ store: memory(), sweepEvery: null, onWarning: () => {} })
  const open = sessions(auth)
  const noted: string[] = []
  const note = ({ name, message }: Error): void => void noted.push(`${name}: ${message}`)
  process.on('warning', note)
  const server = createServer((h2request, h2response) => {
    const [request, response] = [h2request, h2response] as unknown as [IncomingMessage, ServerResponse]
    open(request, response, () => {
      const visit = visitOf(auth, request)
      const serve = async (): Promise<void> => {
        if (request.url === '/login') await visit.login('u-1')
        if (request.url === '/write') visit.add('count')
        const count = String(visit.get('count'))
        response.setHeader('X-Mine', 'mine')
        response.write(`${visit.subject} `)
        response.end(count)
      }
      void serve()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const session = connect(url)
  const ask = async (headers: { [name: string]: string }): Promise<[IncomingHttpHeaders, string]> => {
    const stream = session.request(headers)
    const head = new Promise<IncomingHttpHeaders>((resolve) => stream.once('response', resolve))
    return [await head, await text(stream)]
  }
  try {
    const [login] = await ask({ ':path': '/login', ':method': 'POST', origin: url })
    assert.equal(login[':status'], 200)
    const cookie = login['set-cookie']?.[0]?.split(';')[0] ?? ''
    const [written, body] = await ask({ ':path': '/write', ':method': 'POST', origin: url, cookie })
    assert.deepEqual([body, written['x-mine'], written['cache-control']], ['u-1 1', 'mine', 'no-store'])
    const [refused] = await ask({
      ':path': '/write',
      ':method': 'POST',
      origin: 'https://evil.example',
      cookie,
    })
    assert.equal(refused[':status'], 403)
    assert.equal((await ask({ ':path': '/', cookie }))[1], 'u-1 1')
    assert.deepEqual(noted, [])
  } finally {
    process.off('warning', note)
    session.close()
    await new Promise((resolve) => server.close(resolve))
    await auth.close()
  }
})
