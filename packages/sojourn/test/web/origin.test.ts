import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, isLoopback, originOf } from '../../src/web/origin.ts'
import { AnExchange } from './an-exchange.ts'

const url = 'http://inner:3000/page'
const forwarded = {
  'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.0.0.2',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'app.example',
  forwarded: 'for=6.6.6.6;proto=https;host=evil.example',
}

test('R-74 without a trusted proxy, what is said to be forwarded counts for nothing', () => {
  const exchange = new AnExchange(forwarded, { url, ip: '198.51.100.1' })
  assert.equal(addressOf(exchange, 0), '198.51.100.1')
  assert.deepEqual(originOf(exchange, 0), { scheme: 'http', host: 'inner:3000', origin: 'http://inner:3000' })
})

test('R-74 of a list only the entries by trusted proxies count, from the end', () => {
  const exchange = new AnExchange(forwarded, { url, ip: '10.0.0.3' })
  assert.equal(addressOf(exchange, 1), '10.0.0.2')
  assert.equal(addressOf(exchange, 2), '203.0.113.9')
  assert.equal(addressOf(new AnExchange({}, { url, ip: '10.0.0.3' }), 2), '10.0.0.3')
  assert.deepEqual(originOf(exchange, 1), {
    scheme: 'https',
    host: 'app.example',
    origin: 'https://app.example',
  })
  assert.deepEqual(originOf(exchange, 2), {
    scheme: 'https',
    host: 'app.example',
    origin: 'https://app.example',
  })
})

test('R-74 an address is an address, without port, brackets or zone; anything else is not taken', () => {
  const said = (text: string, ip = '10.0.0.3'): string | null =>
    addressOf(new AnExchange({ 'x-forwarded-for': text }, { ip }), 1)
  assert.equal(said('203.0.113.9:51234'), '203.0.113.9')
  assert.equal(said('2001:db8::1'), '2001:db8::1')
  assert.equal(said('[2001:db8::1]:443'), '2001:db8::1')
  assert.equal(said('::ffff:203.0.113.9'), '203.0.113.9')
  for (const text of [
    'unknown',
    '_hidden',
    '<script>',
    'a'.repeat(9_000),
    '',
    ' ',
    '1.2.3',
    'evil.example',
    '::'.repeat(40),
  ])
    assert.equal(said(text), '10.0.0.3', text.slice(0, 20))
  assert.equal(addressOf(new AnExchange({}, { ip: '::ffff:127.0.0.1' }), 0), '127.0.0.1')
  assert.equal(addressOf(new AnExchange({}, { ip: 'fe80::1%eth0' }), 0), 'fe80::1')
  assert.equal(addressOf(new AnExchange(), 0), null)
})

test('R-74 R-39 a proxy that says nonsense of the scheme is not followed, and one of the host leaves no origin', () => {
  const of = (headers: { [name: string]: string }, seen = url): string | null =>
    originOf(new AnExchange(headers, { url: seen }), 1).origin
  assert.equal(of({ 'x-forwarded-proto': 'javascript' }), 'http://inner:3000')
  assert.equal(of({ 'x-forwarded-host': 'app.example' }), 'http://app.example')
  for (const host of ['a b', 'app.example/path', 'user@app.example', 'app.example:x', '[::1', ':80'])
    assert.equal(of({ 'x-forwarded-host': host }), null, host)
  assert.equal(of({ 'x-forwarded-proto': 'https' }), 'https://inner:3000')
  const unread = 'unknown://unknown/page'
  assert.equal(of({}, unread), null)
  assert.equal(of({ 'x-forwarded-proto': 'https' }, unread), null)
  assert.equal(
    of({ 'x-forwarded-host': 'app.example', 'x-forwarded-proto': 'https' }, unread),
    'https://app.example',
  )
  assert.equal(originOf(new AnExchange({}, { url: unread }), 0).origin, null)
})

test('P-18 loopback names are secure contexts, names that look alike are not', () => {
  for (const host of [
    'localhost',
    'localhost:3000',
    'app.localhost',
    '127.0.0.1',
    '127.8.9.1:80',
    '[::1]',
    '[::1]:3000',
  ])
    assert.ok(isLoopback(host), host)
  for (const host of [
    'localhost.evil.example',
    'mylocalhost',
    '128.0.0.1',
    '127.0.0.1.evil.example',
    '[::2]',
    '0.0.0.0',
  ])
    assert.ok(!isLoopback(host), host)
})
