import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import type { SessionEvent } from '../../src/engine/events.ts'
import { equalSecrets, hashSecret, peppersOf } from '../../src/engine/pepper.ts'
import { mintToken, parseToken, Token, tokenFrom } from '../../src/engine/token.ts'
import { memory } from '../../src/stores/memory.ts'
import { minute } from '../../src/testing/fixtures.ts'
import { anEngine, secret, seeded } from './an-engine.ts'
import { counting } from './around.ts'

const base64url = { tokenCodec: 'base64url' } as const
const base32hex = { tokenCodec: 'base32hex' } as const

test('R-03 a token is exactly the bytes of the random source: 128 bits of id, 256 of secret', () => {
  let next = 0
  const counter = (size: number) => Uint8Array.from({ length: size }, () => next++)
  const token = mintToken(counter, base64url)
  const bytes = Buffer.from(Array.from({ length: 48 }, (_, i) => i))
  assert.equal(token.id, bytes.subarray(0, 16).toString('base64url'))
  assert.equal(token.secret(), bytes.subarray(16).toString('base64url'))
})

test('JAD-29 JAD-30 in base32hex id and secret have 52 characters of 5 bits: 256 bits each', () => {
  const token = mintToken(seeded('jadu'), base32hex)
  assert.match(token.id, /^[0-9a-v]{52}$/)
  assert.match(token.secret(), /^[0-9a-v]{52}$/)
  // RFC 4648, section 10: BASE32-HEX("foobar") = "CPNMUOJ1E8======"
  assert.equal(tokenFrom('id', Buffer.from('foobar'), base32hex).secret(), 'cpnmuoj1e8')
})

test('JAD-29 JAD-30 the jadu preset gives such tokens, and takes them', async () => {
  const { login, state } = anEngine({ policy: 'jadu' })
  const one = await login()
  assert.match(one.token.reveal(), /^[0-9a-v]{52}\.[0-9a-v]{52}$/)
  assert.equal(await state(one), 'active')
})

test('base32hex keeps apart whatever base64url keeps apart', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(255), (bytes, bit) => {
      const other = Uint8Array.from(bytes)
      const at = Math.floor(bit / 8)
      other[at] = (other[at] ?? 0) ^ (1 << (bit % 8))
      assert.notEqual(tokenFrom('', bytes, base32hex).secret(), tokenFrom('', other, base32hex).secret())
    }),
  )
})

test('a narrowing cannot give tokens that the install would not read', async () => {
  const roles = { visitor: { tokenCodec: 'base32hex' } } as const
  const { login, state } = anEngine({ policy: { roles } })
  assert.equal(await state(await login('u-1', { roles: ['visitor'] })), 'active')
})

test('R-03 the token code takes no chance but the random source', () => {
  for (const file of ['token.ts', 'start.ts', 'pepper.ts', 'regenerate.ts']) {
    const text = readFileSync(join(import.meta.dirname, '../../src/engine', file), 'utf8')
    assert.doesNotMatch(text, /Math\.random|Date\.now|randomUUID/, file)
  }
})

const hostile = [
  '',
  'x',
  '.',
  'x'.repeat(10_000),
  '\0',
  `\0${'A'.repeat(21)}.${'B'.repeat(43)}`,
  "' OR 1=1 --",
  '{"$ne":null}',
  '$ne',
  '../../../etc/passwd',
  '😀'.repeat(11),
  '%00',
  `${'A'.repeat(22)}.${'B'.repeat(42)}`,
  `${'A'.repeat(22)}.${'B'.repeat(44)}`,
  `${'A'.repeat(22)}.${'B'.repeat(42)}=`,
  `${'A'.repeat(22)}.${'B'.repeat(43)}\n`,
  `${'A'.repeat(22)}:${'B'.repeat(43)}`,
  ` ${'A'.repeat(22)}.${'B'.repeat(43)}`,
  `${'0'.repeat(52)}.${'0'.repeat(52)}`,
  `${'Ａ'.repeat(22)}.${'B'.repeat(43)}`,
]
test('R-11 A-09 nothing malformed reaches a store', async () => {
  const { store, calls } = counting(memory())
  const { ask, events } = anEngine({ store })
  for (const text of hostile)
    assert.deepEqual(
      await ask(text),
      { state: 'none', cause: 'malformed' },
      JSON.stringify(text.slice(0, 30)),
    )
  assert.deepEqual(calls, {})
  assert.deepEqual(events, [])
})

test('R-11 any text is either malformed or asked for by an id of the right shape', () => {
  const latin1 = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
  const nearly = fc.stringMatching(/^[\w-]{20,23}[.:]?[\w-]{41,44}$/)
  fc.assert(
    fc.property(fc.oneof(latin1, nearly), (text) => {
      const token = parseToken(text, base64url)
      if (token !== undefined) assert.equal(token.reveal(), text)
      else assert.doesNotMatch(text, /^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/)
    }),
  )
})

test('R-01 R-53 AUR-05 one changed character anywhere opens nothing, and writes nothing', async () => {
  const { store, calls } = counting(memory())
  const { login, ask, state } = anEngine({ store })
  const one = await login()
  await login('u-2')
  const text = one.token.reveal()
  for (let at = 0; at < text.length; at++) {
    for (const other of ['A', 'b', '-', '.']) {
      if (text[at] === other) continue
      const found = await ask(text.slice(0, at) + other + text.slice(at + 1))
      assert.equal(found.state, 'none', `${at} ${other}`)
    }
  }
  for (const variant of [text.slice(0, -1), `${text}A`, text.toUpperCase(), text.toLowerCase(), `${text}=`])
    assert.equal((await ask(variant)).state, 'none')
  assert.deepEqual(Object.keys(calls).toSorted(), ['create', 'find'])
  assert.equal(await state(one), 'active')
})

test("AUR-05 one session's secret under another's id opens neither", async () => {
  const { login, ask } = anEngine()
  const [one, other] = [await login(), await login('u-2')]
  assert.equal((await ask(`${one.session.id}.${other.token.secret()}`)).state, 'none')
})

test('an ended session is told of only to whoever holds its secret', async () => {
  const { login, ask, engine } = anEngine()
  const { session } = await login()
  await engine.end({ id: session.id }, 'admin_revoked')
  assert.deepEqual(await ask(`${session.id}.${'B'.repeat(43)}`), { state: 'none', cause: 'unknown' })
})

test('A-32 labels keep kinds of secrets apart, and installs too', () => {
  const [pepper] = peppersOf(secret)
  const [other] = peppersOf(`${secret}!`)
  const [none] = peppersOf(undefined)
  const hashes = [
    hashSecret(pepper, 'session', 'x'),
    hashSecret(pepper, 'refresh', 'x'),
    hashSecret(other, 'session', 'x'),
    hashSecret(none, 'session', 'x'),
    hashSecret(pepper, 'session', 'session/v1:x'),
  ]
  assert.equal(new Set(hashes).size, hashes.length)
})

test('equalSecrets tells equal from different, in any place', () => {
  assert.ok(equalSecrets('', ''))
  assert.ok(equalSecrets('abc', 'abc'))
  for (const other of ['abd', 'bbc', 'acc', 'ab', 'abcd', '']) assert.ok(!equalSecrets('abc', other))
})

test('A-11 R-34 a token shows its id and never its secret, wherever it is printed', () => {
  const token = new Token('the-id', 'the-secret')
  const shown = [
    String(token),
    ['', token].join(),
    JSON.stringify({ token }),
    inspect(token),
    inspect({ deep: [{ token }] }, { depth: 9, showHidden: true }),
    JSON.stringify(structuredClone(token)),
    new Error('failed', { cause: token }).cause?.toString() ?? '',
    Object.entries(token).flat().join(),
  ]
  for (const text of shown) {
    assert.doesNotMatch(text, /the-secret/)
    assert.match(text, /the-id/)
  }
  assert.equal(token.reveal(), 'the-id.the-secret')
})

test('A-10 A-26 P-09 AUR-06 no event, list, error or record holds a secret, nor the hash of one', async () => {
  const heard: SessionEvent[] = []
  const policy = { regenerateEvery: '5m', limit: 2 } as const
  const { login, ask, engine, clock, guest } = anEngine({
    policy,
    onEvent: (event) => void heard.push(event),
  })
  const secrets: string[] = []
  const know = (token: Token | null): void => void (token !== null && secrets.push(token.secret()))
  const spoken: unknown[] = [heard]
  const hear = async (answer: Promise<unknown>) =>
    void spoken.push(await answer.catch((error: unknown) => error))
  const first = await login()
  const visitor = await guest({ data: { a: 1 } })
  for (const { token } of [first, await login(), await login(), visitor]) know(token)
  await hear(
    engine.upgrade(visitor.session.id, { subject: 'u-2' }).then((upgraded) => know(upgraded?.token ?? null)),
  )
  clock.advance(6 * minute)
  const last = await login()
  know(last.token)
  clock.advance(6 * minute)
  const found = await ask(last.token)
  assert.ok(found.state === 'active')
  know(found.token)
  await ask(found.token ?? '')
  clock.advance(minute)
  await hear(ask(last.token))
  await hear(ask(`${last.session.id}.${'x'.repeat(43)}`))
  await hear(engine.list({ state: 'any' }))
  await hear(engine.explain(last.session.id))
  await hear(engine.data.write(last.session.id, { set: { a: 1n as unknown as number } }))
  await hear(engine.end({}, 'maintenance'))
  assert.equal(secrets.length, 7)
  const text = inspect(spoken, { depth: 20, maxArrayLength: null, showHidden: true }) + JSON.stringify(spoken)
  const [pepper] = peppersOf(secret)
  for (const one of secrets) {
    assert.ok(!text.includes(one))
    assert.ok(!text.includes(hashSecret(pepper, 'session', one)))
  }
  assert.ok(!text.includes(secret) && !text.includes(pepper.key))
  assert.ok(new Set(heard.map(({ type }) => type)).size >= 5, 'many kinds of events were heard')
})
