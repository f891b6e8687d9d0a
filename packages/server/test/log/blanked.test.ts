import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { blankText } from '../../src/log/blank-text.ts'
import { jsonLines, type LogFields } from '../../src/logger.ts'

/** What a line says of something. */
function lineOf(fields: LogFields, message = 'm'): string {
  let said = ''
  jsonLines({ write: (line) => (said += line), now: () => 0, level: 'debug' }).debug(fields, message)
  return said
}

const id = 'Zr6yW0aVpL8xGj2hM4eDuB'
const part = randomBytes(32).toString('base64url')
const base32 = 'v'.repeat(52)
const hex = randomBytes(32).toString('hex')
const key = `sjk_0123456789abcdef_${hex}`
const hook = `whsec_${randomBytes(32).toString('base64')}`
const saml = Buffer.from(`<samlp:Response ID="${part}">${'x'.repeat(200)}</samlp:Response>`).toString(
  'base64',
)
const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"uma"}').toString('base64url')}.${part}`
const code = 'abcd-efgh-ijkl-mnop'

/** Secrets by kind, each with what of it must not stand anywhere. */
const secrets: readonly (readonly [kind: string, secret: string, hidden: string])[] = [
  ['a session token', `${id}.${part}`, part],
  ['a token in base32', `${base32}.${base32.replaceAll('v', 'u')}`, 'u'.repeat(52)],
  ['an API key', key, hex],
  ['a webhook secret', hook, hook.slice(6, 30)],
  ['an id_token', jwt, part],
  ['a SAML response', saml, saml.slice(0, 60)],
  ['a recovery code', code, code],
]

/** Every place in which a secret came into a log somewhere. */
const places: readonly (readonly [where: string, line: (secret: string) => string])[] = [
  ['a field', (secret) => lineOf({ said: secret })],
  ['the message', (secret) => lineOf({}, `got ${secret}!`)],
  ['the name of a field', (secret) => lineOf({ [secret]: 1 })],
  ['a list in an object', (secret) => lineOf({ request: { args: [1, { said: `x ${secret}` }] } })],
  ['the query of an address', (secret) => lineOf({ url: `https://a.example/login/link?x=1&t=${secret}` })],
  ['the path of an address', (secret) => lineOf({ path: `/reset/${secret}` })],
  ['a body', (secret) => lineOf({ body: JSON.stringify({ a: secret }) })],
  ['an error', (secret) => lineOf({ err: new Error(`no ${secret}`) })],
  ['the cause of a cause', (secret) => lineOf({ err: causes(secret) })],
  ['one of several errors', (secret) => lineOf({ err: new AggregateError([new Error(secret)], 'all') })],
  [
    'what a library hung on its error',
    (secret) => lineOf({ err: Object.assign(new Error('x'), { headers: [secret] }) }),
  ],
  ['what an object says of itself', (secret) => lineOf({ it: { toJSON: () => ({ said: secret }) } })],
  ['a text of another program', (secret) => lineOf({ said: inspect({ deep: { said: secret } }) })],
]

function causes(secret: string): Error {
  return new Error('outer', { cause: new Error('inner', { cause: { message: secret } }) })
}

for (const [kind, secret, hidden] of secrets)
  test(`A-26 R-70 ${kind} is blanked by its shape wherever it stands`, () => {
    for (const [where, line] of places) {
      const said = line(secret)
      assert.ok(!said.includes(hidden), `${where}: ${said}`)
      assert.equal(said.indexOf('\n'), said.length - 1)
      JSON.parse(said)
    }
  })

test('A-26 headers, forms and addresses are blanked by name, whatever the value looks like', () => {
  const cases: readonly LogFields[] = [
    { headers: { Cookie: 'sid=QQQ', 'set-cookie': ['a=QQQ'], authorization: 'x QQQ', 'x-api-key': 'QQQ' } },
    { headers: { 'Proxy-Authorization': 'QQQ', 'x-csrf-token': 'QQQ' } },
    {
      body: {
        password: 'QQQ',
        newPassword: 'QQQ',
        client_secret: 'QQQ',
        SAMLResponse: 'QQQ',
        id_token: 'QQQ',
      },
    },
    { body: { RelayState: 'QQQ', client_assertion: 'QQQ', deep: { refreshToken: { value: 'QQQ' } } } },
    { said: 'GET / HTTP/1.1\r\nCookie: sid=QQQ; b=QQQ\r\nHost: a' },
    { said: 'authorization: Basic QQQ' },
    { err: Object.assign(new Error('x'), { request: { body: 'QQQ' }, code: 'E' }) },
    { said: '{"authorization": "Bearer QQQ"}' },
    { said: 'email=uma%40example.com&password=QQQ&remember=t' },
    { said: 'password=QQQ' },
    { url: '/login/link?token=QQQ' },
    { url: 'https://a.example/cb?code=QQQ&state=QQQ#id_token=QQQ' },
    { url: '/acs?SAMLResponse=QQQ&RelayState=QQQ&Signature=QQQ' },
    { url: 'postgres://sojourn:QQQ@db.example/app' },
    { url: 'otpauth://totp/Site:uma?secret=QQQ&issuer=Site' },
  ]
  for (const fields of cases) assert.ok(!lineOf(fields).includes('QQQ'), lineOf(fields))
})

test('R-70 what is public stays: ids, words, addresses, moments', () => {
  const fields = {
    session: id,
    key: 'sjk_0123456789abcdef',
    uuid: '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d',
    path: '/nova/resources/auth-sessions/Zr6yW0aVpL8xGj2hM4eDuB/end',
    changed: 'password',
    why: 'passkey: Response counter value 4 was lower than expected 5',
    at: '2026-11-21T12:00:00.000Z',
    ip: '2001:db8::1',
    n: 5,
    none: null,
  }
  assert.partialDeepStrictEqual(JSON.parse(lineOf(fields)), fields)
  assert.equal(blankText(`${id}.${part}`), `${id}.[redacted]`)
})

test('nothing that is logged throws, hides the line’s own fields, or makes it endless', () => {
  const circle: Record<string, unknown> = { big: 1n, call: () => 1, bytes: Buffer.from(part) }
  circle['self'] = circle
  const bad = {
    get broken(): string {
      throw new Error('no')
    },
  }
  let deep: object = { end: 'QQQ' }
  for (let i = 0; i < 100; i++) deep = { deep }
  const said = lineOf(
    { circle, bad, deep, level: 1, time: 2, msg: 'mine', long: 'ab '.repeat(100_000) },
    'theirs',
  )
  const line = JSON.parse(said) as LogFields
  assert.deepEqual([line['level'], line['time'], line['msg']], [20, '1970-01-01T00:00:00.000Z', 'theirs'])
  assert.deepEqual([line['level_'], line['msg_']], [1, 'mine'])
  assert.partialDeepStrictEqual(line['circle'], { big: '1', self: '[circular]', bytes: '[43 bytes]' })
  assert.ok(said.length < 20_000 && !said.includes('QQQ'), String(said.length))
})

test('a text that was made to take long is blanked in no time', () => {
  const begun = performance.now()
  for (const one of ['&', 'a-', 'eyJ', 'abcd-', '://a', 'bearer ', 'cookie ', 'token', `${'A'.repeat(22)}.`])
    blankText(one.repeat(20_000))
  const took = performance.now() - begun
  assert.ok(took < 500, `${took} ms`)
})

test('A-26 what is cut in the midst of a secret shows no half of it', () => {
  for (const before of [16_300, 16_330, 16_350, 16_383])
    for (const [kind, secret, hidden] of secrets) {
      const said = blankText(`${'word '.repeat(before / 5)}${secret} ${'x'.repeat(100)}`)
      assert.ok(!said.includes(hidden.slice(0, 12)), `${kind}: ${said.slice(-120)}`)
    }
})
