import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, test } from 'node:test'
import { type Handle, withHouse } from './a-node-house.ts'

describe('an answer that waits for its session', () => {
  test('P-03 a handler may write, answer, write again and answer on', async () => {
    const handle: Handle = (response, visit) => {
      visit.set('a', 1)
      response.write('first ')
      visit.set('b', 2)
      response.end('second')
    }
    await withHouse(handle, async ({ ask, data }) => {
      for (let i = 0; i < 3; i++) assert.equal((await ask()).body, 'first second')
      assert.deepEqual(await data(), { a: 1, b: 2 })
    })
  })

  test('P-03 what is written while a save is under way is saved too', async () => {
    const handle: Handle = async (response, visit) => {
      visit.set('a', 1)
      response.write('first ')
      await Promise.resolve()
      visit.set('b', 2)
      await visit.save()
      visit.add('c')
      response.end('second')
    }
    await withHouse(handle, async ({ ask, data }) => {
      assert.equal((await ask()).body, 'first second')
      assert.deepEqual(await data(), { a: 1, b: 2, c: 1 })
    })
  })

  test('a held answer looks as if it had left: it cannot be changed any more', async () => {
    const seen: unknown[] = []
    const handle: Handle = (response, visit) => {
      visit.set('a', 1)
      seen.push(response.headersSent, response.writableEnded)
      response.setHeader('X-Mine', 'first')
      response.end('first')
      seen.push(response.headersSent, response.writableEnded)
      for (const change of [
        () => response.setHeader('X-Mine', 'second'),
        () => response.appendHeader('X-Mine', 'second'),
        () => response.removeHeader('X-Mine'),
        () => response.setHeaders(new Map([['X-Mine', 'second']])),
      ])
        assert.throws(change, { code: 'ERR_HTTP_HEADERS_SENT' })
      response.statusCode = 500
      throw new Error('a fault after the answer')
    }
    await withHouse(handle, async ({ ask, errors }) => {
      await ask().then(
        ({ status, headers, body }) =>
          assert.deepEqual([status, headers['x-mine'], body], [200, 'first', 'first']),
        (error: NodeJS.ErrnoException) => assert.equal(error.code, 'ECONNRESET'),
      )
      assert.deepEqual(seen, [false, false, true, true])
      assert.equal(errors.length, 1)
    })
  })

  test('the session may not be written to once the answer has ended', async () => {
    const codes: unknown[] = []
    const attempt = (run: () => unknown): void => {
      try {
        run()
      } catch (error) {
        codes.push((error as { code?: unknown }).code)
      }
    }
    const handle: Handle = async (response, visit) => {
      visit.set('a', 1)
      response.end('answer')
      attempt(() => visit.set('b', 2))
      await visit.save()
      attempt(() => visit.set('c', 3))
      await visit.login('u-2').catch((error: { code: unknown }) => codes.push(error.code))
    }
    await withHouse(handle, async ({ ask, data, auth }) => {
      assert.equal((await ask()).body, 'answer')
      assert.deepEqual(await data(), { a: 1 })
      assert.equal((await auth.list({ state: 'any' })).items.length, 1)
    })
    assert.deepEqual(codes, Array(3).fill('response_started'))
  })

  test('JAD-04 a login or a guest’s first write after the headers is refused before anything is done', async () => {
    const codes: unknown[] = []
    const handle: Handle = async (response, visit) => {
      response.write('begun ')
      await visit.login('u-2').catch((error: { code: unknown }) => codes.push(error.code))
      await visit.logout().catch((error: { code: unknown }) => codes.push(error.code))
      if (visit.isLoggedIn) visit.set('a', 1)
      else assert.throws(() => visit.set('a', 1), { code: 'response_started' })
      response.end('done')
    }
    await withHouse(handle, async ({ ask, auth, data }) => {
      assert.equal((await ask()).body, 'begun done')
      assert.deepEqual(await data(), { a: 1 }, 'who has a session may still write to it')
      assert.equal((await ask({ cookie: '' })).body, 'begun done')
      assert.equal((await auth.list({ state: 'any' })).items.length, 1)
    })
    assert.deepEqual(codes, Array(4).fill('response_started'))
  })

  test('P-03 a method that was looked up before the session changed waits too', async () => {
    const handle: Handle = async (response, visit) => {
      const page = async (): Promise<string> => {
        await Promise.resolve()
        visit.add('count')
        return 'a page'
      }
      response.end(await page())
    }
    await withHouse(handle, async ({ ask, data, store }) => {
      const pause = store.pause('write')
      const asked = ask()
      await pause.reached
      pause.release()
      assert.equal((await asked).body, 'a page')
      assert.deepEqual(await data(), { count: 1 })
      assert.equal((await ask({ cookie: '' })).headers['set-cookie']?.length, 1)
    })
  })

  test('callbacks of write and end are called', async () => {
    const called: string[] = []
    const handle: Handle = async (response, visit) => {
      visit.set('a', 1)
      await new Promise<void>((resolve) => {
        response.write('a', 'utf8', () => called.push('write'))
        response.end('b', () => {
          called.push('end')
          resolve()
        })
      })
      called.push('handler')
    }
    await withHouse(handle, async ({ ask }) => {
      assert.equal((await ask()).body, 'ab')
      await ask()
    })
    assert.deepEqual(called.slice(0, 3), ['write', 'end', 'handler'])
  })

  test('a pipe waits and then goes on, through whatever its reader can take', async () => {
    const pieces = Array.from({ length: 200 }, (_, index) => String(index).padStart(20_000, '.'))
    const handle: Handle = async (response, visit) => {
      visit.set('a', 1)
      await pipeline(Readable.from(pieces), response)
    }
    await withHouse(handle, async ({ ask, data }) => {
      assert.equal((await ask()).body, pieces.join(''))
      assert.deepEqual(await data(), { a: 1 })
    })
  })

  test('a HEAD has the headers and no body, and the connection goes on', async () => {
    const handle: Handle = (response, visit) => {
      visit.add('count')
      response.setHeader('Content-Length', 6)
      response.end('answer')
    }
    await withHouse(handle, async ({ ask, data }) => {
      const head = await ask({}, 'HEAD')
      assert.deepEqual([head.headers['content-length'], head.body], ['6', ''])
      assert.equal((await ask()).body, 'answer')
      assert.deepEqual(await data(), { count: 2 })
    })
  })

  test('writeHead in every form: status, words, headers as an object or a list', async () => {
    const forms: ((response: ServerResponse) => unknown)[] = [
      (response) => response.writeHead(201, { 'X-Mine': 'a', 'cache-control': 'public' }),
      (response) => response.writeHead(201, 'Made', { 'X-Mine': 'a', 'Cache-Control': 'public' }),
      (response) => response.writeHead(201, ['X-Mine', 'a', 'CACHE-CONTROL', 'public']),
      (response) => response.setHeader('X-Mine', 'a').writeHead(201, { 'Cache-Control': 'public' }),
      (response) => {
        response.statusCode = 201
        response.setHeaders(new Headers({ 'X-Mine': 'a', 'Cache-Control': 'public' }))
        response.flushHeaders()
      },
    ]
    for (const form of forms) {
      const handle: Handle = (response, visit) => {
        visit.set('a', 1)
        form(response)
        response.end('answer')
      }
      await withHouse(handle, async ({ ask }) => {
        const { status, headers, body } = await ask()
        assert.deepEqual([status, headers['x-mine'], body], [201, 'a', 'answer'], String(form))
        assert.equal(headers['cache-control'], 'no-store', String(form))
      })
    }
  })

  test('P-03 a client that leaves during the save costs nothing: it is saved, and others are served', async () => {
    const handle: Handle = (response, visit) => {
      visit.set('a', 1)
      response.write('begun')
      response.end('done')
    }
    await withHouse(handle, async ({ store, port, cookie, data, ask }) => {
      const pause = store.pause('write')
      const socket = connect(port, '127.0.0.1')
      socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n\r\n`)
      await pause.reached
      socket.destroy()
      await ask({ cookie: '' })
      pause.release()
      await ask({ cookie: '' })
      assert.deepEqual(await data(), { a: 1 })
    })
  })
})
