import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageFault, refersFrom } from '../../src/integrations/referring-page.ts'

const good = 'https://good.example'
const rows: readonly (readonly [referer: string | undefined, page: string, isFrom: boolean])[] = [
  ['https://good.example/', good, true],
  ['https://good.example/a/b?q=1', good, true],
  ['https://GOOD.example:443/', good, true],
  [undefined, good, false],
  ['', good, false],
  ['null', good, false],
  ['about:blank', good, false],
  ['data:text/html,https://good.example/', good, false],
  ['https://good.example.evil.test/', good, false],
  ['https://good.example@evil.test/', good, false],
  ['https://good.example:x@evil.test/', good, false],
  ['https://someone@good.example/', good, false],
  ['https://evil.test/https://good.example/', good, false],
  ['https://evil.test/?https://good.example/', good, false],
  ['https://evil.test#https://good.example/', good, false],
  ['https://evil.test\\@good.example/', good, false],
  ['https:/\\good.example/', good, false],
  ['//good.example/', good, false],
  ['http://good.example/', good, false],
  ['https://good.example:8443/', good, false],
  ['https://good.example:8443/', 'https://good.example:8443', true],
  ['https://www.good.example/', good, false],
  ['https://good.example./', good, false],
  ['https://goodxexample/', good, false],
  ['https://g\u043eod.example/', good, false],
  [`https://good.example/${'a'.repeat(5_000)}`, good, false],
  ['https://good.example/library', `${good}/library`, true],
  ['https://good.example/library/', `${good}/library`, true],
  ['https://good.example/library/a', `${good}/library`, true],
  ['https://good.example/library?x', `${good}/library`, true],
  ['https://good.example/library-evil', `${good}/library`, false],
  ['https://good.example/', `${good}/library`, false],
  ['https://good.example/library/../evil', `${good}/library`, false],
  ['https://good.example/library/%2e%2e/evil', `${good}/library`, false],
  ['https://good.example/Library', `${good}/library`, false],
  ['https://good.example/library/a', `${good}/library/`, true],
  ['https://good.example/library', `${good}/library/`, false],
]
for (const [referer, page, isFrom] of rows)
  test(`'${referer?.slice(0, 60)}' ${isFrom ? 'comes' : 'does not come'} from ${page}`, () => {
    assert.equal(refersFrom(referer, [page]), isFrom)
    assert.equal(refersFrom(referer, ['https://other.example', page]), isFrom)
    assert.equal(refersFrom(referer, []), false)
  })

for (const text of [
  '',
  'good.example',
  'https://',
  'https://a b',
  'ftp://good.example',
  'javascript:alert(1)',
  'https://user@good.example',
  'https://good.example?x',
  'https://good.example/#x',
  '*://good.example',
])
  test(`'${text}' is no page that may refer`, () => {
    assert.match(pageFault(text) ?? '', /expected/)
  })

test('an asterisk stands for itself: no wildcard of hosts is meant by it', () => {
  assert.equal(refersFrom('https://evil.good.example/', ['https://*.good.example']), false)
})
