import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { returnTo } from '../../src/web/return-to.ts'

test('A-20 R-46 a path of this origin is returned to', () => {
  for (const path of [
    '/',
    '/a',
    '/a/b?c=d&e=/f#g',
    '/@e',
    '/%2f%2fe',
    '/a//b',
    '/?next=https://good.example',
    '/:8080',
    '/a:b@c',
  ])
    assert.equal(returnTo(path), path)
  assert.equal(returnTo('/a/../b'), '/b')
  assert.equal(returnTo('/ä?ö'), '/%C3%A4?%C3%B6')
})

test('A-20 R-46 what leads elsewhere, or looks as if, is refused', () => {
  const corpus = [
    '//e',
    '/\\e',
    '/\t/e',
    '/\n/e',
    '/\r\n/e',
    '\\\\e',
    '\\/e',
    'https:e',
    'https:/e',
    'https://e',
    'HTTPS://e',
    '///e',
    '////e',
    'javascript:alert(1)',
    '/javascript:alert(1)\n',
    'data:text/html,x',
    '//good@e',
    '/..//e',
    '/.//e',
    '/a/..//e',
    '/%2e%2e//e',
    '/%2E//e',
    '/a\r\nSet-Cookie: a=b',
    '/\0/e',
    '/a\u0085',
    'https://good.e',
    '/\u0000',
    '/a\\b',
    '/?a=\\b',
    ' //e',
    ' /e',
    '\t//e',
    './/e',
    'e',
    '',
    '?a=b',
    '#a',
    `/${'a'.repeat(2_048)}`,
  ]
  for (const wanted of corpus) assert.equal(returnTo(wanted), undefined, JSON.stringify(wanted))
  assert.equal(returnTo(null), undefined)
  assert.equal(returnTo(undefined), undefined)
})

test('A-20 characters that look like slashes stay in the path', () => {
  for (const wanted of ['/\uff0f\uff0fe', '/\u2215e', '/\u29f8/e', '/。evil']) {
    const path = returnTo(wanted)
    assert.equal(new URL(path ?? '', 'https://own.example').origin, 'https://own.example', wanted)
  }
})

test('A-20 whatever is wanted, a browser that follows stays on this origin, and following is asking again', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2e',
    '%2f',
    '%5c',
    '@',
    ':',
    '?',
    '#',
    'e',
    'https:',
    '\t',
    '\n',
    ' ',
    '\u2028',
    '／',
  )
  const wanted = fc.oneof(
    fc.array(piece, { maxLength: 10 }).map((pieces) => `/${pieces.join('')}`),
    fc.string({ unit: 'binary' }).map((text) => `/${text}`),
    fc.webUrl(),
  )
  fc.assert(
    fc.property(wanted, (wanted) => {
      const path = returnTo(wanted)
      if (path === undefined) return
      for (const base of ['https://own.example/login', 'http://own.example:8080/a/b/']) {
        const url = new URL(path, base)
        assert.equal(url.origin, new URL(base).origin)
      }
      assert.match(path, /^\/(?!\/)[\x21-\x7e]*$/)
      if (path.length <= 2_048) assert.equal(returnTo(path), path)
    }),
    { numRuns: 1_500 },
  )
})
