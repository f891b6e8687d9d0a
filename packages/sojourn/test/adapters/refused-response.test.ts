import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, test } from 'node:test'
import { type Handle, withHouse } from './a-node-house.ts'

describe('an answer whose session could not be saved', () => {
  test('P-03 a save that fails after the headers have left breaks the answer off', async () => {
    const handle: Handle = (response, visit, { url }) => {
      response.write('begun ')
      if (url === '/') visit.set('a', 1)
      setImmediate(() => response.end('done'))
    }
    await withHouse(handle, async ({ ask, store, auth }) => {
      const pause = store.pause('write')
      const asked = ask()
      await pause.reached
      await auth.end({ subject: 'u-1' }, 'admin_revoked')
      pause.release()
      await assert.rejects(asked, { code: 'ECONNRESET' })
    })
  })

  test('an answer in place of the handler’s takes back what that said of its body', async () => {
    const handle: Handle = (response, visit) => {
      visit.set('a', 1)
      response.statusMessage = 'Found It'
      response.setHeaders(
        new Map([
          ['Content-Type', 'text/html'],
          ['Content-Encoding', 'gzip'],
          ['Content-Length', '6'],
          ['ETag', '"1"'],
          ['Location', '/elsewhere'],
          ['X-Mine', 'mine'],
        ]),
      )
      response.end('answer')
    }
    await withHouse(handle, async ({ ask, store, auth }) => {
      const pause = store.pause('write')
      const asked = ask()
      await pause.reached
      await auth.end({ subject: 'u-1' }, 'admin_revoked')
      pause.release()
      const { status, message, headers, body } = await asked
      assert.deepEqual([status, message], [401, 'Unauthorized'])
      assert.equal(headers['content-type'], 'application/problem+json')
      assert.equal(headers['content-length'], String(body.length))
      for (const name of ['content-encoding', 'etag', 'location'])
        assert.equal(headers[name], undefined, name)
    })
  })

  test('a handler that goes on after its answer was refused does no harm, and waits for nothing', async () => {
    const done: string[] = []
    const handled = Promise.withResolvers<void>()
    const handle: Handle = async (response, visit) => {
      const drained = new Promise((resolve) => response.once('drain', resolve))
      visit.set('a', 1)
      response.write('begun', () => done.push('begun'))
      await visit.save().catch(() => {})
      await drained
      if (!response.write('more', () => done.push('more'))) done.push('nobody takes it')
      await pipeline(Readable.from(['more', 'and more']), response).catch(() => {})
      response.end(() => done.push('end'))
      await new Promise((resolve) => setImmediate(resolve))
      handled.resolve()
    }
    await withHouse(handle, async ({ ask, store, auth }) => {
      const pause = store.pause('write')
      const asked = ask()
      await pause.reached
      await auth.end({ subject: 'u-1' }, 'admin_revoked')
      pause.release()
      const { status, body } = await asked
      assert.equal(status, 401)
      assert.match(body, /inactive_session/)
      await handled.promise
      assert.deepEqual(done, ['begun', 'more', 'end'])
    })
  })

  test('an answer that Node refuses is answered 500 and reported', async () => {
    const handle: Handle = (response, visit) => {
      visit.set('a', 1)
      response.writeHead(9_999).end('answer')
    }
    await withHouse(handle, async ({ ask, errors }) => {
      const { status, body } = await ask()
      assert.equal(status, 500)
      assert.match(body, /"error":"internal"/)
      assert.equal((errors[0] as { code: unknown }).code, 'ERR_HTTP_INVALID_STATUS_CODE')
    })
  })
})
