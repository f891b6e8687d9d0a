import assert from 'node:assert/strict'
import { argon2Sync } from 'node:crypto'
import { test } from 'node:test'
import { Busy } from '../../src/accounts/gate.ts'
import { defaultCost, passwordFault, Passwords } from '../../src/accounts/passwords.ts'
import { readPhc, writePhc } from '../../src/accounts/phc.ts'
import { cheap } from '../a-server.ts'

test('R-79 production hashes with argon2id, 19 MiB, two passes, one lane, a salt of its own', async () => {
  assert.deepEqual(defaultCost, { memory: 19_456, passes: 2, lanes: 1 })
  const passwords = new Passwords()
  const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')])
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(one, two)
  assert.deepEqual(await passwords.verify('correct horse', one), { matches: true, isStale: false })
  assert.deepEqual(await passwords.verify('correct horsf', one), { matches: false, isStale: false })
})

test('R-79 a hash is what every other implementation makes of the same password', () => {
  const salt = Buffer.from('0123456789abcdef')
  const message = 'correct horse'
  const tag = argon2Sync('argon2id', {
    message,
    nonce: salt,
    memory: 64,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  })
  const text = writePhc({ cost: cheap, salt, tag })
  assert.equal(
    text,
    `$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$${tag.toString('base64').replace('=', '')}`,
  )
  assert.deepEqual(readPhc(text), { cost: cheap, salt, tag })
})

test('R-79 at least 8 characters, at most 1024 bytes, nothing cut off, no rule of composition', async () => {
  assert.equal(passwordFault('1234567'), 'too_short')
  assert.equal(passwordFault('12345678'), undefined)
  assert.equal(passwordFault('🐎🐎🐎🐎🐎🐎🐎'), 'too_short')
  assert.equal(passwordFault('        '), undefined)
  assert.equal(passwordFault('x'.repeat(1_024)), undefined)
  assert.equal(passwordFault('x'.repeat(1_025)), 'too_long')
  assert.equal(passwordFault('é'.repeat(513)), 'too_long')
  const passwords = new Passwords({ cost: cheap })
  const longest = 'x'.repeat(1_024)
  const kept = await passwords.hash(longest)
  assert.equal((await passwords.verify(longest, kept)).matches, true)
  for (const other of ['x'.repeat(1_023), 'x'.repeat(1_025), `${longest}\0`, `${'x'.repeat(1_023)}y`])
    assert.equal((await passwords.verify(other, kept)).matches, false)
})

test('an accented letter is the same from every keyboard', async () => {
  const passwords = new Passwords({ cost: cheap })
  const kept = await passwords.hash('caf\u00e9 au lait')
  assert.equal((await passwords.verify('cafe\u0301 au lait', kept)).matches, true)
})

test('a hash of another cost still opens, and is told to be stale', async () => {
  const kept = await new Passwords({ cost: cheap }).hash('correct horse')
  const dearer = new Passwords({ cost: { ...cheap, passes: 2 } })
  assert.deepEqual(await dearer.verify('correct horse', kept), { matches: true, isStale: true })
  assert.deepEqual(await dearer.verify('wrong', kept), { matches: false, isStale: false })
})

test('no account, and a damaged hash, match nothing', async () => {
  const passwords = new Passwords({ cost: cheap })
  const kept = await passwords.hash('correct horse')
  for (const broken of [
    null,
    '',
    'x',
    kept.replace('argon2id', 'argon2i'),
    kept.slice(0, 40),
    kept.replace('v=19', 'v=16'),
  ])
    assert.deepEqual(await passwords.verify('correct horse', broken), { matches: false, isStale: false })
})

test('a few are hashed at once, a few wait, the next is turned away, and then there is room again', async () => {
  const passwords = new Passwords({ cost: cheap, atOnce: 2, waiting: 3 })
  const results = await Promise.allSettled(
    Array.from({ length: 7 }, (_, index) => passwords.hash('correct horse', `party ${index}`)),
  )
  const turnedAway = results.filter((result) => result.status === 'rejected')
  assert.deepEqual(
    turnedAway.map(({ reason }) => reason instanceof Busy),
    [true, true],
  )
  await passwords.hash('correct horse')
})
