import assert from 'node:assert/strict'
import test from 'node:test'
import { browserKind } from '../../src/core/device.ts'
import { fingerprintOf } from '../../src/core/rules/fingerprint.ts'
import { minute } from '../../src/testing/fixtures.ts'
import { timeline } from './timeline.ts'

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)'
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const chrome = (major: number) => `${windows} Chrome/${major}.0.0.0 Safari/537.36`
const headless = `${windows} HeadlessChrome/156.0.0.0 Safari/537.36`
const firefox = (major: number) =>
  `Mozilla/5.0 (X11; Linux x86_64; rv:${major}.0) Gecko/20100101 Firefox/${major}.0`
const safari = (version: string) => `${mac} Version/${version} Safari/605.1.15`
const iPad =
  'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1'
const pixel =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36'
const quickTime = 'AppleCoreMedia/1.0.0.23A344 (Macintosh; U; Intel Mac OS X 14_0; en_us)'

/** name, before, after, what `family+os` makes of it, what `ua-exact` makes of it */
const pairs: readonly (readonly [
  string,
  string | null,
  string | null,
  'same' | 'other',
  'same' | 'other',
])[] = [
  ['the same Chrome', chrome(156), chrome(156), 'same', 'same'],
  ['Chrome 156 to 157', chrome(156), chrome(157), 'same', 'other'],
  ['Firefox 140 to 141', firefox(140), firefox(141), 'same', 'other'],
  ['Safari 26.0 to 26.1', safari('26.0'), safari('26.1'), 'same', 'other'],
  ['an iPad that asks for desktop pages', iPad, safari('26.0'), 'other', 'other'],
  ["a phone emulated in a browser's tools", chrome(156), pixel, 'other', 'other'],
  ["Safari's media player", safari('26.0'), quickTime, 'other', 'other'],
  ['Chrome without a head', chrome(156), headless, 'same', 'other'],
  ['Chrome to Firefox', chrome(156), firefox(140), 'other', 'other'],
  ['a browser that stops to name itself', chrome(156), null, 'same', 'other'],
  ['a browser that never names itself', null, null, 'same', 'same'],
  ['a browser that begins to name itself', null, chrome(156), 'same', 'other'],
]

for (const [name, before, after, byFamily, exactly] of pairs)
  test(`A-22 ${name}: ${byFamily} by family+os, ${exactly} by ua-exact`, () => {
    for (const [fingerprint, expected] of [
      ['family+os', byFamily],
      ['ua-exact', exactly],
    ] as const) {
      const request = { ip: null, passive: false, userAgent: before }
      const { at } = timeline({
        policy: { fingerprint, onFingerprintChange: 'end' },
        session: { fingerprint: fingerprintOf(request, fingerprint) },
        request: { userAgent: after },
      })
      assert.equal(at(minute), expected === 'same' ? 'touch' : 'fingerprint_mismatch', fingerprint)
    }
  })

const changed = {
  session: { fingerprint: 'ua-exact:before', lag: minute },
  request: { userAgent: 'after' },
} as const

test('a change is logged, and the request is answered, unless the policy says otherwise', () => {
  const found = timeline({ policy: { fingerprint: 'ua-exact' }, ...changed }).verdict(0)
  assert.ok(found.next === 'accept')
  assert.deepEqual(found.caution, { action: 'log', reason: 'fingerprint_mismatch' })
})

test('a change asks for a step-up where the policy says so', () => {
  const policy = { fingerprint: 'ua-exact', onFingerprintChange: 'step-up' } as const
  const found = timeline({ policy, ...changed }).verdict(0)
  assert.ok(found.next === 'accept')
  assert.deepEqual(found.caution, { action: 'step-up', reason: 'fingerprint_mismatch' })
})

test('JAD-25 a change ends the session, from now on, where the policy says so', () => {
  const policy = { fingerprint: 'ua-exact', onFingerprintChange: 'end' } as const
  const { at, over } = timeline({ policy, ...changed })
  assert.equal(at(minute), 'fingerprint_mismatch')
  assert.equal(over(minute), minute)
})

test('no recipe compares nothing', () => {
  const policy = { fingerprint: 'none', onFingerprintChange: 'end' } as const
  assert.equal(timeline({ policy, ...changed }).at(0), 'accept')
})

test('a recipe that was changed since the session began compares nothing', () => {
  const policy = { fingerprint: 'family+os', onFingerprintChange: 'end' } as const
  assert.equal(timeline({ policy, ...changed }).at(0), 'accept')
})

test('of a User-Agent of any length 512 characters are kept', () => {
  const request = { ip: null, passive: false, userAgent: 'x'.repeat(16_000) }
  assert.equal(fingerprintOf(request, 'ua-exact'), `ua-exact:${'x'.repeat(512)}`)
})

test('browserKind tells families, systems and forms apart', () => {
  assert.deepEqual(browserKind(chrome(156)), { family: 'chromium', os: 'windows', mobile: false })
  assert.deepEqual(browserKind(`${chrome(156)} Edg/156.0.0.0`), browserKind(chrome(156)))
  assert.deepEqual(browserKind(firefox(140)), { family: 'firefox', os: 'linux', mobile: false })
  assert.deepEqual(browserKind(safari('26.0')), { family: 'webkit', os: 'macos', mobile: false })
  assert.deepEqual(browserKind(iPad), { family: 'webkit', os: 'ios', mobile: true })
  assert.deepEqual(browserKind(iPad.replace('Version/26.0', 'CriOS/156.0')), {
    family: 'chromium',
    os: 'ios',
    mobile: true,
  })
  assert.deepEqual(browserKind(pixel), { family: 'chromium', os: 'android', mobile: true })
  assert.deepEqual(browserKind(chrome(156).replace(/\(.*?\)/, '(X11; CrOS x86_64 14541.0.0)')), {
    family: 'chromium',
    os: 'chromeos',
    mobile: false,
  })
  assert.deepEqual(browserKind('curl/8.15.0'), { family: 'other', os: 'other', mobile: false })
  assert.deepEqual(browserKind(''), { family: 'other', os: 'other', mobile: false })
})
