import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import type { NodeRedisClient } from '../../../src/stores/redis-client.ts'
import { redis } from '../../../src/stores/redis.ts'
import { hour, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll } from '../../../src/testing/store-contract/law.ts'
import { commands } from '../commands.ts'
import { ask, type Connected, nodeRedis } from './clients.ts'

const end = { at: start, reason: 'user_logout' } as const

describe('what remains in Redis', { skip: missing('redis') }, () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  let connected: Connected<NodeRedisClient>
  let made = 0
  before(async () => {
    server = await startRedis()
    connected = await nodeRedis(server.url)
  })
  after(async () => {
    await connected.close()
    await server.stop()
  })

  const keysOf = async (tag: string): Promise<readonly string[]> =>
    ((await ask(connected, 'KEYS', `{${tag}}:*`)) as string[])
      .map((key) => key.slice(tag.length + 3))
      .toSorted()

  test('whatever was done, once all is over and purged no key is left but those of the store itself', async () => {
    const property = fc.asyncProperty(commands, async (commands) => {
      const tag = `remains-${++made}`
      const store = redis(connected.client, { tag })
      for (const { run } of commands) await run(store)
      for (const realm of ['main', 'other'])
        await store.end({ realm }, { at: start + hour, reason: 'maintenance' })
      for (let more = true; more;)
        ({ more } = await store.sweep(start + 3 * hour, { limit: 50, purgeBefore: start + 2 * hour }))
      const own = ['changes', 'feed-notes', 'layout', 'leases', 'realms']
      assert.deepEqual(
        (await keysOf(tag)).filter((key) => !own.includes(key)),
        [],
      )
    })
    await fc.assert(property, { numRuns: 60, seed: 5 })
  })

  test('what a watermark covered from the first waits for no sweep once it has ended', async () => {
    const store = redis(connected.client, { tag: 'covered' })
    await store.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
    await createAll(store, [newSession({ id: 'a', idleTimeout: null, expiresAt: null })])
    assert.ok((await keysOf('covered')).includes('due:4:main'))
    await store.end({ realm: 'main', id: 'a' }, end)
    assert.ok(!(await keysOf('covered')).includes('due:4:main'))
  })

  test('the layout is what the head of the store says', async () => {
    const store = redis(connected.client, { tag: 'layout' })
    const remembered = { family: 'f', rememberedUntil: start + hour }
    await createAll(store, [
      newSession({ id: 'a', data: { cart: ['x'] }, parent: 'p', actor: 'x', ...remembered }),
      newSession({ id: 'b', subject: null }),
      newSession({ id: 'c' }),
    ])
    await store.end({ realm: 'main', id: 'c' }, end)
    await store.voidBefore({ realm: 'main', method: 'saml' }, end)
    await store.lease('job', 'me', start, start + 1)
    assert.deepEqual(await keysOf('layout'), [
      'actor:x',
      'below:p',
      'changes',
      'detailed:4:main',
      'due:4:main',
      'ended:4:main',
      'ended:4:main:u-1',
      'family:f',
      'layout',
      'leases',
      'live-guests:4:main',
      'live:4:main',
      'live:4:main:u-1',
      'marks:4:main',
      'over:4:main',
      'realms',
      'remembered:4:main',
      'session:a',
      'session:b',
      'session:c',
      'unswept:4:main',
    ])
    const fields = (await ask(connected, 'HKEYS', '{layout}:session:a')) as string[]
    assert.deepEqual(fields.toSorted(), ['"cart"', 'confirmed', 'refresh', 'row', 'scope', 'secret', 'seen'])
    assert.equal(await ask(connected, 'HGET', '{layout}:session:a', '"cart"'), '["x"]')
    assert.equal(await ask(connected, 'HGET', '{layout}:marks:4:main', 'm4:saml'), `${start} user_logout`)
    assert.equal(await ask(connected, 'HGET', '{layout}:session:a', 'scope'), '4:main:u-1')
    const row = JSON.parse(String(await ask(connected, 'HGET', '{layout}:session:a', 'row'))) as unknown[]
    assert.deepEqual(
      [row.length, row[0], row[1], row[2], row[3], row[18]],
      [30, 'a', 'main', false, 'u-1', 'test'],
    )
  })

  test('the user that the documentation names may do all of it, and nothing else', async () => {
    const may = '+@hash +@set +@sortedset +@stream +eval +evalsha +exists +del +get +set +info +@connection'
    await ask(connected, 'ACL', 'SETUSER', 'app', 'on', '>word', '~{mine}:*', ...may.split(' '))
    const own = await nodeRedis(server.url.replace('//', '//app:word@'))
    try {
      const store = redis(own.client, { tag: 'mine' })
      await createAll(store, [newSession({ id: 'a', data: { n: 1 } })], {
        limit: { most: 1, onExceed: 'evict' },
      })
      await store.write('a', { add: { n: 1 } }, { at: start })
      await store.voidBefore({ realm: 'main' }, end)
      await store.sweep(start + hour, { limit: 10, purgeBefore: start + hour })
      assert.equal((await store.changes?.(null, 10))?.gap, false)
      const refused = { code: 'store_unavailable', message: /may not do this/ }
      await assert.rejects(async () => redis(own.client, { tag: 'yours' }).find('a'), refused)
    } finally {
      await own.close()
    }
  })
})
