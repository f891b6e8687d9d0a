import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { memcached } from 'sojourn/stores/memcached'
import { storeContract } from 'sojourn/testing/store-contract'
import { startMemcached } from '../../../../test/services/memcached.ts'
import { missing } from '../../../../test/services/programs.ts'
import { MemcachedConnection } from '../../src/stores/memcached-connection.ts'

const changes = 'Memcached keeps no order between its records, and may let go any of them, a feed too'

describe(
  'JAD-18 the server asks Memcached over a connection of its own',
  { skip: missing('memcached') },
  () => {
    let server: Awaited<ReturnType<typeof startMemcached>>
    let connection: MemcachedConnection
    let made = 0
    const connect = (): MemcachedConnection =>
      new MemcachedConnection({ host: '127.0.0.1', port: server.port })
    before(async () => {
      server = await startMemcached()
      connection = connect()
    })
    /** Has the server stand still, which takes it a moment, and asks it something meanwhile. */
    const unanswered = async (): Promise<{ readonly answer: Promise<unknown> }> => {
      server.pause()
      for (;;) {
        const answer = connection.gets(['k'])
        const settled = answer.then(
          () => true,
          () => true,
        )
        if (!(await Promise.race([settled, wait(100, false)]))) return { answer }
      }
    }
    after(async () => {
      connection.close()
      await server.stop()
    })

    describe('and the store keeps its contract', () => {
      storeContract(test, () => memcached(connection, { prefix: `${++made}:` }), { declines: { changes } })
    })

    test('what is read is what was written, however long it is and whatever is in it', async () => {
      const values = ['', 'a\r\nEND\r\nVALUE k 0 1 1\r\n', '…🙂\0', 'x'.repeat(700_000)]
      await Promise.all(values.map((value, index) => connection.add(`v${index}`, value, { lifetime: 0 })))
      const keys = values.map((_, index) => `v${index}`)
      const found = await connection.gets(['absent', ...keys])
      assert.deepEqual(
        keys.map((key) => found[key]?.value),
        values,
      )
      assert.equal(found['absent'], undefined)
    })

    test('of many who replace what they read one does, and a key that is taken is not overwritten', async () => {
      assert.equal(await connection.add('k', '1', { lifetime: 0 }), true)
      assert.equal(await connection.add('k', '2', { lifetime: 0 }), false)
      const { casUniq = '' } = (await connection.gets(['k']))['k'] ?? {}
      const tried = await Promise.all(
        [1, 2, 3].map((n) => connection.cas('k', String(n), { lifetime: 0, casUniq })),
      )
      assert.deepEqual(tried, [true, false, false])
      assert.equal(await connection.cas('gone', '1', { lifetime: 0, casUniq }), false)
    })

    test('what the server refuses is an error of its word, and what was asked beside it is answered', async () => {
      const [large, small] = await Promise.allSettled([
        connection.add('large', 'x'.repeat(3_000_000), { lifetime: 0 }),
        connection.add('small', '1', { lifetime: 0 }),
      ])
      assert.match(String(large.status === 'rejected' && large.reason), /SERVER_ERROR object too large/)
      assert.deepEqual(small, { status: 'fulfilled', value: true })
    })

    test('a word that is not understood ends the connection, since the next answer could be another question’s', async () => {
      const [bad, beside] = await Promise.allSettled([
        connection.gets(['k'.repeat(300)]),
        connection.gets(['k']),
      ])
      assert.match(String(bad.status === 'rejected' && bad.reason), /CLIENT_ERROR|ERROR/)
      assert.equal(beside.status, 'rejected')
      assert.notEqual((await connection.gets(['k']))['k'], undefined)
    })

    test('what was under way when the server dies fails at once, and it is found again when it is back', async () => {
      await connection.gets(['k'])
      const asked = assert.rejects((await unanswered()).answer)
      await server.kill()
      await asked
      await assert.rejects(connection.gets(['k']), { code: 'ECONNREFUSED' })
      await server.restart()
      assert.deepEqual(await connection.gets(['k']), {})
    })

    test('a server that stands still is given up, and asked anew afterwards', async () => {
      await connection.add('still', '1', { lifetime: 0 })
      await assert.rejects((await unanswered()).answer, /said nothing for 3000 ms/)
      server.resume()
      assert.equal((await connection.gets(['still']))['still']?.value, '1')
    })

    test('an answer to no question is not taken for that to the next', async (t) => {
      let connections = 0
      const babbling = createServer((socket) => {
        connections++
        socket.on('error', () => {})
        socket.once('data', () => socket.write('END\r\nVALUE k 0 1 1\r\nx\r\nEND\r\n'))
        socket.on('data', () => socket.write('END\r\n'))
      }).listen(0, '127.0.0.1')
      await once(babbling, 'listening')
      const address = babbling.address()
      assert.ok(typeof address === 'object' && address !== null)
      const other = new MemcachedConnection({ host: '127.0.0.1', port: address.port })
      t.after(() => {
        other.close()
        babbling.close()
      })
      assert.deepEqual(await other.gets(['k']), {})
      await other.gets(['k']).catch(() => {})
      assert.deepEqual(await other.gets(['k']), {})
      assert.ok(connections > 1)
    })

    test('a closed one asks nothing any more', async () => {
      const other = connect()
      const asked = other.gets(['k'])
      other.close()
      await assert.rejects(asked, /closed/)
      await assert.rejects(other.gets(['k']), /closed/)
    })
  },
)
