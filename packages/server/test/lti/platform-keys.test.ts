import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { jwtVerify } from 'jose'
import { second } from 'sojourn/core'
import { FakeClock } from 'sojourn/testing/clock'
import { keysCooldown, keysLast, PlatformKeys } from '../../src/lti/platform-keys.ts'
import { aKey, aPlatform, type PlatformKey, sign } from './fake-platform.ts'

async function aHouse(t: TestContext) {
  const clock = new FakeClock()
  const platform = await aPlatform(t, () => clock.now())
  const keys = new PlatformKeys(clock)
  /** Whether a token by the key is believed; the code of what is wrong with it. */
  const believes = async (key: PlatformKey, address = `${platform.origin}/keys`): Promise<string> => {
    try {
      await jwtVerify(await sign({ sub: 'u-1' }, key), keys.of(address))
      return 'yes'
    } catch (error) {
      const { code, why } = error as { readonly code?: string; readonly why?: string }
      return why ?? code ?? String(error)
    }
  }
  return { clock, platform, believes }
}

test('keys are fetched once for many launches, and again when they are ten minutes old', async (t) => {
  const { clock, platform, believes } = await aHouse(t)
  const all = await Promise.all(Array.from({ length: 10 }, () => believes(platform.key)))
  assert.deepEqual([...new Set(all), platform.asked], ['yes', 1])
  clock.advance(keysLast)
  assert.deepEqual([await believes(platform.key), platform.asked], ['yes', 1])
  clock.advance(1)
  assert.deepEqual([await believes(platform.key), platform.asked], ['yes', 2])
})

test('a key that was taken away is believed for ten minutes at most', async (t) => {
  const { clock, platform, believes } = await aHouse(t)
  await believes(platform.key)
  platform.keys = [(await aKey('key-2')).public]
  clock.advance(keysLast)
  assert.equal(await believes(platform.key), 'yes')
  clock.advance(1)
  assert.equal(await believes(platform.key), 'ERR_JWKS_NO_MATCHING_KEY')
})

test('a new key is found at the first token by it, but strange keys make nobody ask more than every 30 seconds', async (t) => {
  const { clock, platform, believes } = await aHouse(t)
  await believes(platform.key)
  const next = await aKey('key-2', 'ES256')
  const strange = await aKey('key-3')
  clock.advance(keysCooldown - 1)
  assert.deepEqual([await believes(strange), platform.asked], ['ERR_JWKS_NO_MATCHING_KEY', 1])
  platform.keys.push(next.public)
  clock.advance(1)
  assert.deepEqual([await believes(next), await believes(platform.key), platform.asked], ['yes', 'yes', 2])
  for (let i = 0; i < 5; i++) await believes(strange)
  assert.equal(platform.asked, 2)
  clock.advance(keysCooldown)
  await Promise.all(Array.from({ length: 5 }, () => believes(strange)))
  assert.equal(platform.asked, 3)
})

test('a platform that is down is asked again after 30 seconds; what it said before is good for its time', async (t) => {
  const { clock, platform, believes } = await aHouse(t)
  platform.status = 503
  assert.deepEqual([await believes(platform.key), platform.asked], ['keys_unreachable', 1])
  platform.status = 200
  clock.advance(keysCooldown - 1)
  assert.deepEqual([await believes(platform.key), platform.asked], ['keys_unreachable', 1])
  clock.advance(1)
  assert.deepEqual([await believes(platform.key), platform.asked], ['yes', 2])
  platform.status = 500
  clock.advance(keysLast - second)
  assert.equal(await believes(await aKey('key-9')), 'keys_unreachable')
  assert.equal(await believes(platform.key), 'yes')
  clock.advance(keysCooldown)
  assert.equal(await believes(platform.key), 'keys_unreachable')
})

test('a clock that is set back makes keys be fetched, not kept for ever', async (t) => {
  const { clock, platform, believes } = await aHouse(t)
  await believes(platform.key)
  clock.set(clock.now() - 1)
  assert.deepEqual([await believes(platform.key), platform.asked], ['yes', 2])
})

test('what is no set of keys, leads elsewhere or does not end is not taken', async (t) => {
  const { platform, believes } = await aHouse(t)
  const server = createServer((request, response) => {
    const { url = '' } = request
    if (url === '/redirect') response.writeHead(302, { location: `${platform.origin}/keys` }).end()
    else if (url === '/text') response.end('nonsense')
    else if (url === '/array') response.end('[]')
    else if (url === '/object') response.end('{"keys":[1]}')
    else response.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  for (const path of ['/redirect', '/text', '/array', '/object', '/large'])
    assert.equal(await believes(platform.key, origin + path), 'keys_unreachable', path)
  assert.equal(await believes(platform.key, 'http://127.0.0.1:1/keys'), 'keys_unreachable')
})

test('a private or symmetric key that a platform shows by mistake opens nothing', async (t) => {
  const { platform, believes } = await aHouse(t)
  platform.keys = [{ kty: 'oct', k: 'c2VjcmV0', kid: 'key-1', alg: 'HS256' }]
  assert.notEqual(await believes(platform.key), 'yes')
})
