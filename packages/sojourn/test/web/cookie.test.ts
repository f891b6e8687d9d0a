import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Cookie, CookieJar } from 'tough-cookie'
import { resolvePolicy } from '../../src/core/policy.ts'
import { clearCookie, cookieValues, fullName, setCookie } from '../../src/web/cookie.ts'

const { policy } = resolvePolicy([])
const name = fullName('sid', policy)
const sharedPolicy = { ...policy, cookiePrefix: '__Secure-', cookieDomain: 'example.com' } as const

test('R-37 A-12 the values of a cookie come in their order, without duplicates, four at most', () => {
  const read = (header: string | undefined): readonly string[] => cookieValues(header, 'sid')
  assert.deepEqual(read(undefined), [])
  assert.deepEqual(read(''), [])
  assert.deepEqual(read('sid=a'), ['a'])
  assert.deepEqual(read('a=1; sid=b; c=2'), ['b'])
  assert.deepEqual(read('sid=a;sid=b;\tsid=c'), ['a', 'b', 'c'])
  assert.deepEqual(read('sid=a; sid=a; sid=b; sid=a'), ['a', 'b'])
  assert.deepEqual(read('sid=a; sid=b; sid=c; sid=d; sid=e'), ['a', 'b', 'c', 'd'])
  assert.deepEqual(read('sid='), [''])
  assert.deepEqual(read('sid=a=b'), ['a=b'])
  assert.deepEqual(read('sid= a ; x'), ['a'])
})

test('a name that ends or begins alike is another cookie', () => {
  assert.deepEqual(cookieValues('=a; b', ''), [])
  for (const header of [
    'xsid=a',
    'sid2=a',
    'x-sid=a',
    'SID=a',
    'x=sid=a',
    'sid',
    'a=1 sid=b',
    '=sid=a',
    '"sid=a"',
  ])
    assert.deepEqual(cookieValues(header, 'sid'), [], header)
})

test('what is read is what another parser reads', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab;= ,"\tsid'.split('')), maxLength: 40 })
  fc.assert(
    fc.property(text, (header) => {
      const pairs = header.split(';').map((pair) => pair.replace(/^[ \t]+/, ''))
      const values = pairs.filter((pair) => pair.startsWith('sid=')).map((pair) => pair.slice(4).trim())
      assert.deepEqual(cookieValues(header, 'sid'), [...new Set(values)].slice(0, 4))
    }),
    { numRuns: 2_000 },
  )
})

test('A-15 a header of nothing but `;`, `=`, `"`, blanks or half a name is read in linear time', () => {
  const once = (header: string): number => {
    const began = performance.now()
    cookieValues(header, 'sid')
    return performance.now() - began
  }
  const best = (header: string): number => Math.min(...Array.from({ length: 7 }, () => once(header)))
  for (const unit of [';', '=', '"', ' ', 'sid', 'sid=', 'sid=;', '; sid=a', ' sid', 'sid=" ', 's;=']) {
    const of = (length: number): string => unit.repeat(length / unit.length)
    best(of(16_384))
    const growth = best(of(16_384 * 32)) / Math.max(best(of(16_384)), 0.01)
    assert.ok(growth < 32 * 8, `${unit}: 32 times the length took ${growth.toFixed(0)} times as long`)
  }
})

test('R-30 R-31 R-33 R-34 JAD-27 another parser reads what was meant, and nothing more', async () => {
  const line = setCookie({ name, value: 'a.b', policy })
  const { creation: _, ...cookie } = Cookie.parse(line)?.toJSON() ?? {}
  assert.deepEqual(cookie, {
    key: '__Host-Http-sid',
    value: 'a.b',
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
  })
  const jar = new CookieJar(undefined, { prefixSecurity: 'strict' })
  await jar.setCookie(line, 'https://app.example/deep/page')
  assert.equal(await jar.getCookieString('https://app.example/other'), `${name}=a.b`)
  assert.equal(await jar.getCookieString('https://sub.app.example/'), '', 'it belongs to this host alone')
  assert.equal(await jar.getCookieString('http://app.example/'), '', 'it is for HTTPS alone')
  await jar.setCookie(clearCookie(name, policy), 'https://app.example/')
  assert.equal(await jar.getCookieString('https://app.example/'), '')
})

test('R-31 a cookie is shared with a domain only where the policy says so', async () => {
  const jar = new CookieJar(undefined, { prefixSecurity: 'strict' })
  const line = setCookie({
    name: '__Secure-sid',
    value: 'v',
    policy: { ...sharedPolicy, cookieSameSite: 'strict' },
  })
  assert.equal(line, '__Secure-sid=v; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=Strict')
  await jar.setCookie(line, 'https://app.example.com/')
  assert.equal(await jar.getCookieString('https://other.example.com/'), '__Secure-sid=v')
  assert.throws(
    () =>
      resolvePolicy([{ name: 'install', level: 0, path: 'policy', values: { cookieDomain: 'example.com' } }]),
    {
      code: 'invalid_option',
      message: /^policy\.cookieDomain: expected null/,
    },
  )
})

test('R-35 a name and a value of 4096 octets are written, one more is refused', () => {
  const value = 'v'.repeat(4_096 - name.length)
  assert.equal(Cookie.parse(setCookie({ name, value, policy }))?.value, value)
  assert.throws(() => setCookie({ name, value: `${value}v`, policy }), { code: 'invalid_data' })
})

test('R-36 R-16 no cookie lives longer than 400 days, nor than its session, nor in the past', () => {
  const now = 1_000_000
  const lifeOf = (expiresAt: number | null): number | string | null | undefined =>
    Cookie.parse(setCookie({ name, value: 'v', policy, until: { now, expiresAt } }))?.maxAge
  assert.equal(lifeOf(null), 34_560_000)
  assert.equal(lifeOf(now + 401 * 86_400_000), 34_560_000)
  assert.equal(lifeOf(now + 90_999), 90)
  assert.equal(lifeOf(now - 1), 0)
  assert.doesNotMatch(setCookie({ name, value: 'v', policy }), /max-age|expires/i)
})

test('A-17 whatever is given, no header is written but one with one cookie and the attributes that were meant', () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'aB3_-.;=,\r\n\t\0 "/\\é\u2028'.split('')) }),
    fc.constantFrom('', 'sid', 'example.com', 'a\r\nSet-Cookie: b=c', 'a; Domain=evil.example', 'a\n'),
  )
  fc.assert(
    fc.property(any, any, fc.option(any), (name, value, cookieDomain) => {
      let line: string
      try {
        line = setCookie({ name, value, policy: { ...sharedPolicy, cookieDomain } })
      } catch (error) {
        assert.equal((error as { code?: unknown }).code, 'invalid_data')
        assert.ok(value.length < 8 || !String(error).includes(value), 'a refused value is not shown')
        return
      }
      assert.match(line, /^[\x21-\x7e]+(; [\x21-\x7e]+)*$/)
      const attributes = line.split('; ').slice(1)
      const domain = cookieDomain === null ? [] : [`Domain=${cookieDomain}`]
      assert.deepEqual(attributes, ['Path=/', ...domain, 'Secure', 'HttpOnly', 'SameSite=Lax'])
      assert.deepEqual(cookieValues(line.split('; ')[0], name), [value])
    }),
    { numRuns: 1_000 },
  )
})
