import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rangeFault, standsIn } from '../../src/integrations/network-ranges.ts'

const rows: readonly (readonly [address: string, range: string, isIn: boolean])[] = [
  ['192.0.2.0', '192.0.2.0/24', true],
  ['192.0.2.255', '192.0.2.0/24', true],
  ['192.0.3.0', '192.0.2.0/24', false],
  ['192.0.1.255', '192.0.2.0/24', false],
  ['192.0.2.77', '192.0.2.99/24', true],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.8', '192.0.2.7', false],
  ['::ffff:192.0.2.7', '192.0.2.0/24', true],
  ['::FFFF:c000:0207', '192.0.2.0/24', true],
  ['::ffff:192.0.3.7', '192.0.2.0/24', false],
  ['2001:db8:7::1', '2001:db8:7::/48', true],
  ['2001:0DB8:0007:ffff:ffff:ffff:ffff:ffff', '2001:db8:7::/48', true],
  ['2001:db8:8::', '2001:db8:7::/48', false],
  ['::1', '2001:db8:7::/48', false],
  ['192.0.2.7', '2001:db8:7::/48', false],
  ['2001:db8:7::1', '192.0.2.0/24', false],
  ['', '192.0.2.0/24', false],
  ['unknown', '192.0.2.0/24', false],
  ['192.0.2.7:80', '192.0.2.0/24', false],
  ['192.0.2.7/24', '192.0.2.0/24', false],
  ['0300.0.2.7', '192.0.2.0/24', false],
  ['3221225991', '192.0.2.0/24', false],
]
for (const [address, range, isIn] of rows)
  test(`'${address}' ${isIn ? 'stands' : 'does not stand'} in ${range}`, () => {
    assert.equal(standsIn(address, [range]), isIn)
    assert.equal(standsIn(address, ['203.0.113.0/24', range]), isIn)
  })

test('no address stands in no range', () => {
  assert.equal(standsIn('192.0.2.7', []), false)
})

for (const text of [
  '',
  '*',
  'campus.example.edu',
  '192.0.2.0/',
  '192.0.2.0/33',
  '192.0.2.0/-1',
  '192.0.2.0/24/24',
  '192.0.2/24',
  '0.0.0.0/0',
  '10.0.0.0/7',
  '::/0',
  '2000::/3',
  '2001:db8::/129',
  'fe80::1%eth0',
  '::ffff:192.0.2.0/120',
  '::ffff:0:0/96',
])
  test(`'${text}' is no range that is taken, and lets nobody in`, () => {
    assert.match(rangeFault(text) ?? '', /expected/)
    for (const address of ['192.0.2.7', '2001:db8::1', '::ffff:192.0.2.7'])
      assert.equal(standsIn(address, [text]), false)
  })

test('an IPv4 range means the same bits as arithmetic says', () => {
  const word = fc.nat(0xff_ff_ff_ff)
  const dotted = (at: number): string => [24, 16, 8, 0].map((shift) => (at >>> shift) & 255).join('.')
  fc.assert(
    fc.property(word, word, fc.integer({ min: 8, max: 32 }), fc.boolean(), (net, other, bits, isNear) => {
      const mask = (0xff_ff_ff_ff << (32 - bits)) >>> 0
      const address = isNear ? ((net & mask) | (other & ~mask)) >>> 0 : other >>> 0
      const expected = ((net ^ address) & mask) === 0
      assert.equal(standsIn(dotted(address), [`${dotted(net)}/${bits}`]), expected)
      assert.equal(standsIn(`::ffff:${dotted(address)}`, [`${dotted(net)}/${bits}`]), expected)
    }),
  )
})
