import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSafe, mayChangeState } from '../../src/web/csrf.ts'
import { AnExchange } from './an-exchange.ts'

const origin = 'https://app.example'
const may = (headers: { [name: string]: string }, hasCookie = true, method = 'POST'): boolean =>
  mayChangeState(new AnExchange(headers, { method }), origin, hasCookie)

test('R-42 methods that promise to change nothing are safe, every other one is not', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE']) assert.ok(isSafe(method), method)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'QUERY', 'get', ''])
    assert.ok(!isSafe(method), method)
})

test('R-39 A-13 what the browser says of the site decides, whatever else is claimed', () => {
  for (const site of ['cross-site', 'same-site', 'none', '', 'same-origin, cross-site', 'SAME-ORIGIN'])
    assert.equal(may({ 'sec-fetch-site': site, origin, referer: `${origin}/page` }), false, site)
  assert.equal(may({ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }), true)
  assert.equal(may({ 'sec-fetch-site': 'cross-site' }, true, 'GET'), true)
})

test('R-39 where this origin is unknown, nothing that a client claims is it', () => {
  for (const claimed of [origin, 'null', 'http://localhost', 'unknown://unknown', 'undefined'])
    for (const header of ['origin', 'referer'])
      assert.equal(
        mayChangeState(new AnExchange({ [header]: claimed }, { method: 'POST' }), null, true),
        false,
      )
})

test('R-39 an older browser is known by Origin, and only then by Referer', () => {
  assert.equal(may({ origin }), true)
  for (const other of [
    'null',
    '',
    'https://app.example.evil',
    'http://app.example',
    'https://app.example:8443',
    `${origin}/`,
  ])
    assert.equal(may({ origin: other, referer: `${origin}/page` }), false, other)
  assert.equal(may({ referer: `${origin}/page?x=https://evil.example` }), true)
  for (const referer of [
    'https://evil.example/',
    'https://app.example@evil.example/',
    'about:blank',
    'app.example',
    '',
  ])
    assert.equal(may({ referer }), false, referer)
})

test('R-39 a client that says nothing may do what needs no cookie', () => {
  assert.equal(may({}, false), true)
  assert.equal(may({}, true), false)
})
