import assert from 'node:assert/strict'
import { test } from 'node:test'
import decodeQR from 'qr/decode.js'
import { base32 } from '../../src/factors/base32.ts'
import { Seal } from '../../src/factors/seal.ts'
import { stepAt, stepOf, totpCode } from '../../src/factors/totp-code.ts'
import { otpauthUri } from '../../src/factors/totp.ts'
import { qr } from '../../src/pages/qr.ts'

const secret = Buffer.from('12345678901234567890')

test('codes are those of RFC 6238, appendix B', () => {
  for (const [seconds, code] of [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ] as const)
    assert.equal(totpCode(secret, stepAt(seconds * 1_000), 8), code)
  assert.equal(totpCode(secret, 1), '287082')
})

test('a code is good in its step and the two beside it, to the millisecond', () => {
  const step = 1_000
  const code = totpCode(secret, step)
  const [from, to] = [(step - 1) * 30_000, (step + 2) * 30_000]
  assert.equal(stepOf(secret, code, from - 1), undefined)
  assert.equal(stepOf(secret, code, from), step)
  assert.equal(stepOf(secret, ` ${code.slice(0, 3)} ${code.slice(3)}`, to - 1), step)
  assert.equal(stepOf(secret, code, to), undefined)
  for (const written of ['', '0', `${code}0`, code.slice(1), 'abcdef', '１２３４５６'])
    assert.equal(stepOf(secret, written, step * 30_000), undefined)
})

test('base32 is that of RFC 4648', () => {
  for (const [text, written] of [
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ] as const)
    assert.equal(base32(Buffer.from(text)), written)
})

test('R-76 what is sealed opens at its own place alone, unchanged, under the current secret or the previous', () => {
  const old = new Seal(['the-secret-before'], 'x')
  const [sealed, again] = [old.seal('text', 'here'), old.seal('text', 'here')]
  assert.notEqual(sealed, again)
  const now = new Seal(['the-secret-now', 'the-secret-before'], 'x')
  assert.deepEqual(now.open(sealed, 'here'), { text: 'text', isStale: true })
  assert.deepEqual(now.open(now.seal('text', 'here'), 'here'), { text: 'text', isStale: false })
  assert.equal(now.open(sealed, 'there'), undefined)
  assert.equal(new Seal(['the-secret-now'], 'x').open(sealed, 'here'), undefined)
  assert.equal(new Seal(['the-secret-before'], 'y').open(sealed, 'here'), undefined)
  const bytes = Buffer.from(sealed, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const broken = Buffer.from(bytes)
    broken[at] = (broken[at] ?? 0) ^ 1
    assert.equal(now.open(broken.toString('base64url'), 'here'), undefined)
  }
  for (const short of ['', 'AAAA', sealed.slice(0, 20)]) assert.equal(now.open(short, 'here'), undefined)
})

test('the QR code reads as the address that apps understand', () => {
  const uri = otpauthUri('login.example.com', 'u&m a@example.com', base32(secret))
  const { protocol, host, pathname, searchParams } = new URL(uri)
  assert.deepEqual([protocol, host], ['otpauth:', 'totp'])
  assert.equal(decodeURIComponent(pathname), '/login.example.com:u&m a@example.com')
  assert.equal(searchParams.get('issuer'), 'login.example.com')
  const markup = String(qr(uri, 'a label'))
  const size = Number(/viewBox="0 0 (\d+)/.exec(markup)?.[1])
  const scale = 4
  const data = new Uint8ClampedArray((size * scale) ** 2 * 4).fill(255)
  for (const [, x, y] of markup.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let row = 0; row < scale; row++)
      for (let column = 0; column < scale; column++) {
        const at = ((Number(y) * scale + row) * size * scale + Number(x) * scale + column) * 4
        data.fill(0, at, at + 3)
      }
  assert.equal(decodeQR({ width: size * scale, height: size * scale, data }), uri)
})
