import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createClient } from 'redis'
import { missing } from '../../../../test/services/programs.ts'
import { RedisCluster } from '../../../../test/services/redis-cluster.ts'
import { startRedis } from '../../../../test/services/redis.ts'
import { freePort } from '../../../../test/services/server-process.ts'
import { aFolder } from '../a-server.ts'
import { failToStart, startNode } from './node-process.ts'

const secret = 'hunter2-hunter2'
const login = `uma:${secret}@`

/** That a start over the store ends with 1 and one line, without the secret. */
async function refuses(folder: string, store: string, says: RegExp): Promise<void> {
  const { code, said } = await failToStart(folder, { SOJOURN_STORE: store })
  assert.equal(code, 1)
  assert.match(said, /^sojourn: SOJOURN_STORE: expected .*, got .*\n$/)
  assert.match(said, says)
  assert.ok(!said.includes(secret), said)
}

describe('a start over a store that is not there ends with 1 and one line that says so', () => {
  const absent: readonly (readonly [name: string, store: (port: number) => string])[] = [
    ['PostgreSQL', (port) => `postgres://${login}127.0.0.1:${port}/d`],
    ['MariaDB', (port) => `mysql://${login}127.0.0.1:${port}/d`],
    ['Redis', (port) => `redis://${login}127.0.0.1:${port}`],
    ['a Redis Cluster', (port) => `redis+cluster://${login}127.0.0.1:${port}`],
    ['Memcached', (port) => `memcached://127.0.0.1:${port}`],
  ]
  for (const [name, store] of absent)
    test(name, async (t) => {
      const port = await freePort()
      await refuses(
        await aFolder(t),
        store(port),
        new RegExp(`connect ECONNREFUSED 127\\.0\\.0\\.1:${port}\\n$`),
      )
    })

  test('a folder that others can read', async (t) => {
    await refuses(
      await aFolder(t),
      'file:/',
      /expected a folder of this machine that its owner alone can read/,
    )
  })

  test('a server that speaks another language', async (t) => {
    const other = createServer((socket) => {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    }).listen(0, '127.0.0.1')
    t.after(() => other.close())
    await once(other, 'listening')
    const address = other.address()
    assert.ok(typeof address === 'object' && address !== null)
    for (const [, store] of absent) await refuses(await aFolder(t), store(address.port), /SOJOURN_STORE/)
  })
})

describe('a start over a Redis that is not fit ends with 1 and one line', { skip: missing('redis') }, () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  const tell = async (...commands: readonly (readonly string[])[]): Promise<void> => {
    const client = createClient({ url: server.url })
    await client.connect()
    for (const command of commands) await client.sendCommand([...command])
    client.destroy()
  }
  before(async () => {
    server = await startRedis()
    await tell(['ACL', 'SETUSER', 'uma', 'on', `>${secret}`, '~*', '&*', '+@all'])
  })
  after(() => server?.stop())
  const url = (password: string): string => server.url.replace('//', `//uma:${password}@`)

  test('with another password; with the right one it starts, and none is written anywhere', async (t) => {
    const folder = await aFolder(t)
    const wrong = await failToStart(folder, { SOJOURN_STORE: url('hunter3-hunter3') })
    assert.equal(wrong.code, 1)
    assert.match(wrong.said, /^sojourn: SOJOURN_STORE: .*WRONGPASS.*\n$/)
    assert.ok(!wrong.said.includes('hunter3'))
    const node = await startNode(folder, { SOJOURN_STORE: url(secret) })
    t.after(() => node.kill())
    assert.equal((await node.browser().go('/readyz')).status, 200)
    await tell(['ACL', 'SETUSER', 'uma', 'off'], ['CLIENT', 'KILL', 'USER', 'uma'])
    const down = await node.browser().go('/readyz')
    assert.deepEqual([down.status, down.text.includes(secret)], [503, false])
    assert.equal(await node.stop(), 0)
    assert.ok(!node.said().includes(secret))
    await tell(['ACL', 'SETUSER', 'uma', 'on'])
  })

  test('that would let sessions go when it is full', async (t) => {
    await tell(['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'])
    await refuses(await aFolder(t), url(secret), /Set maxmemory-policy noeviction/)
    await tell(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction'])
  })

  test('that is a replica, and would refuse the first login', async (t) => {
    const replica = await startRedis()
    t.after(() => replica.stop())
    const client = createClient({ url: replica.url })
    await client.connect()
    await client.sendCommand(['REPLICAOF', '127.0.0.1', String(server.port)])
    client.destroy()
    await refuses(await aFolder(t), replica.url, /got a replica: name its master\n$/)
  })

  test('that is no cluster, or one that is, named as the other', async (t) => {
    const cluster = await RedisCluster.start()
    try {
      await refuses(
        await aFolder(t),
        server.url.replace('redis:', 'redis+cluster:'),
        /one server: redis:\/\//,
      )
      // Whether or not it holds the slot, and would answer for now.
      for (const url of cluster.urls.slice(0, 3))
        await refuses(await aFolder(t), url, /\(a cluster: redis\+cluster:.*, got a node of a cluster\n$/)
    } finally {
      await cluster.stop()
    }
  })
})
