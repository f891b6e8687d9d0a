import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countryOf, placeWords } from '../../src/places/place.ts'
import { placeFile } from '../../src/places/place-file.ts'
import { isLocal, plainAddress } from '../../src/places/plain-address.ts'
import { mmdb } from './mmdb-writer.ts'
import { inBerlin, inFrance, inGermany, jp, osaka, somePlaces } from './some-places.ts'

for (const recordSize of [24, 28, 32] as const)
  test(`SLI-21 country and city of addresses by a file whose records have ${recordSize} bits`, () => {
    const { find } = placeFile(somePlaces({ recordSize }))
    assert.deepEqual(find('203.0.113.1'), inGermany)
    assert.deepEqual(find('203.0.113.63'), inGermany, 'the last before the narrower network')
    assert.deepEqual(find('203.0.113.64'), inBerlin, 'the first of it')
    assert.deepEqual(find('203.0.113.127'), inBerlin)
    assert.deepEqual(find('203.0.113.128'), inGermany)
    assert.deepEqual(find('203.0.113.200'), inFrance, 'a network of one')
    assert.deepEqual(find('2001:db8::7'), jp)
    assert.deepEqual(find('2001:db8:5::7'), osaka)
    assert.equal(find('203.0.114.1'), null, 'in no network of the file')
    assert.equal(find('2001:db9::1'), null)
  })

test('SLI-21 what the file does not say is unknown, never guessed', () => {
  const { find } = placeFile(somePlaces())
  assert.equal(find('198.51.100.1'), null, 'where a provider is registered is not where the address is')
  assert.equal(find('192.0.2.1'), null, 'ZZ is no country, and a city without an English name none to show')
})

test('SLI-21 a file of IPv4 addresses alone knows none of IPv6', () => {
  const networks = [['203.0.113.0/24', { country: { iso_code: 'DE' } }]] as const
  const { find } = placeFile(mmdb({ networks, ipVersion: 4, type: 'Test-Country' }))
  assert.deepEqual(find('203.0.113.1'), inGermany)
  assert.equal(find('cb00:7101::1'), null)
})

test('SLI-21 the file says what it is and when it was built', () => {
  const { about } = placeFile(
    somePlaces({ type: 'GeoLite2-City', description: 'of a test', builtAt: 1_790_000_000 }),
  )
  assert.deepEqual(about, {
    source: 'GeoLite2-City',
    description: 'of a test',
    builtAt: 1_790_000_000_000,
  })
})

test('SLI-21 what is no file of places is refused whole: other data, nothing, a part of one', () => {
  const whole = somePlaces()
  assert.throws(() => placeFile(somePlaces({ type: 'GeoLite2-ASN' })), /holds no countries or cities/)
  assert.throws(() => placeFile(Buffer.alloc(0)))
  assert.throws(() => placeFile(Buffer.from('<!doctype html><title>Sign in to download</title>')))
  // Every beginning of a file: never a wrong place.
  for (let length = 0; length < whole.length; length += 7)
    assert.throws(() => placeFile(whole.subarray(0, length)), `${length} bytes of ${whole.length}`)
  // Its end alone, which says that more stands before it than does.
  const end = whole.subarray(whole.lastIndexOf('MaxMind.com') - 3)
  assert.throws(() => placeFile(Buffer.from(end)), /cut off/)
})

test('SLI-21 loopback, private and link-local addresses are local; their neighbours are not', () => {
  const local = [
    '127.0.0.1 127.255.255.255 10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.1 169.254.1.1',
    '::1 fc00::1 fdff:ffff::1 fe80::1 fe80::1%eth0 ::ffff:10.1.2.3 ::ffff:0a01:203 ::FFFF:127.0.0.1',
  ]
  const elsewhere = [
    '126.255.255.255 128.0.0.1 9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0',
    '169.253.255.255 169.255.0.0 0.0.0.0 100.64.0.1 ::2 fbff::1 fe00::1 fec0::1 2001:db8::1 ::ffff:11.0.0.1',
  ]
  const all = (lists: readonly string[]): readonly string[] => lists.join(' ').split(' ')
  for (const text of all(local)) assert.equal(isLocal(plainAddress(text) ?? ''), true, text)
  for (const text of all(elsewhere)) assert.equal(isLocal(plainAddress(text) ?? ''), false, text)
})

test('SLI-21 an address has one spelling; IPv4 in the clothes of IPv6 is itself; the rest is none', () => {
  for (const text of ['::ffff:203.0.113.64', '::FFFF:cb00:7140', '0:0:0:0:0:ffff:203.0.113.64'])
    assert.equal(plainAddress(text), '203.0.113.64')
  assert.equal(plainAddress('::ffff:255.255.255.255'), '255.255.255.255')
  assert.equal(plainAddress('2001:0DB8:0:0::7'), '2001:db8::7')
  for (const text of [null, '', 'unknown', '203.0.113', '203.0.113.64:443', '[::1]', '::1]/@x'])
    assert.equal(plainAddress(text), undefined, String(text))
})

test('SLI-21 a country is one of two letters that people live in', () => {
  assert.deepEqual(['DE', 'de', 'XK'].map(countryOf), ['DE', 'DE', 'XK'])
  for (const text of ['XX', 'T1', 'ZZ', 'EU', 'DEU', '', 'D', 'DE, US', null, 7])
    assert.equal(countryOf(text), null, String(text))
})

test('SLI-21 places in words', () => {
  assert.equal(placeWords(inBerlin), 'Berlin, Germany')
  assert.equal(placeWords(jp), 'Japan')
  assert.equal(placeWords({ country: null, city: 'Atlantis', local: false }), 'Atlantis')
  assert.equal(placeWords({ country: null, city: null, local: true }), 'Local network')
  assert.equal(placeWords(null), 'Unknown')
})
