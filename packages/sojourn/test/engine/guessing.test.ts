import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { equalSecrets, hashSecret, peppersOf } from '../../src/engine/pepper.ts'
import { mintToken } from '../../src/engine/token.ts'
import { anEngine, secret, stores } from './an-engine.ts'

test('A-02 a hundred thousand tokens have nothing in common: no prefix, no order, every character everywhere', () => {
  const secrets = Array.from({ length: 100_000 }, () =>
    mintToken(randomBytes, { tokenCodec: 'base64url' }).secret(),
  )
  assert.equal(new Set(secrets).size, secrets.length)
  assert.equal(new Set(secrets.map((one) => one.slice(0, 10))).size, secrets.length)
  // The last character of 256 bits in base64url holds four of them.
  for (let place = 0; place < 42; place++)
    assert.equal(new Set(secrets.map((one) => one[place])).size, 64, `place ${place}`)
  const rising = secrets.filter((one, i) => i > 0 && one > (secrets[i - 1] ?? '')).length
  assert.ok(Math.abs(rising / secrets.length - 0.5) < 0.01, `${rising} of ${secrets.length} follow in order`)
})

test('A-02 R-71 every guess is an event with the id that was guessed and the address, and nothing secret', async () => {
  const { ask, events, login } = anEngine()
  const { session } = await login()
  for (let guess = 0; guess < 100; guess++)
    await ask(`${session.id}.${randomBytes(32).toString('base64url')}`, { ip: '198.51.100.66' })
  const rejected = events.filter((event) => event.type === 'token.rejected')
  assert.equal(rejected.length, 100)
  assert.deepEqual(Object.keys(rejected[0] ?? {}).toSorted(), ['at', 'id', 'ip', 'type'])
})

test('A-08 secrets are compared to their end, and equal only where every character is', () => {
  const [pepper] = peppersOf(secret)
  const hash = hashSecret(pepper, 'session', 'a secret')
  assert.equal(equalSecrets(hash, hash), true)
  for (let place = 0; place < hash.length; place++) {
    const other = hash[place] === 'A' ? 'B' : 'A'
    assert.equal(
      equalSecrets(hash, hash.slice(0, place) + other + hash.slice(place + 1)),
      false,
      `place ${place}`,
    )
  }
  assert.equal(equalSecrets(hash, hash.slice(0, -1)), false)
})

test('A-08 nothing in the engine or the web layer compares a secret with ===', () => {
  const secretly = String.raw`[\w.]*(?:secret\(\)|Hash\b|reveal\(\))`
  const compared = new RegExp(`${secretly}\\s*[!=]==(?!\\s*(?:null|undefined))|[!=]==\\s*${secretly}`)
  assert.doesNotMatch('if (found.previousHash === null) return', compared)
  assert.match('if (token.secret() === other) return', compared)
  assert.match('if (hash === found.secretHash) return', compared)
  const found = ['engine', 'web'].flatMap((room) => {
    const folder = join(import.meta.dirname, '../../src', room)
    return readdirSync(folder).flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => compared.test(line))
        .map((line) => `${room}/${file}: ${line.trim()}`),
    )
  })
  assert.deepEqual(found, [])
})

for (const [name, open] of stores)
  test(`P-19 A-03 in process, on ${name}, the request after a revocation is refused: the bound is nothing`, async () => {
    const store = open()
    const [here, there] = [anEngine({ store }), anEngine({ store })]
    const one = await here.login()
    assert.equal(await there.state(one), 'active')
    await here.engine.end({ id: one.session.id }, 'admin_revoked')
    assert.equal(await there.state(one), 'admin_revoked')
    assert.equal(await here.state(one), 'admin_revoked')
  })
