import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KnownDevices } from '../../src/accounts/known-devices.ts'

const devices = new KnownDevices(['a-secret-of-tests-that-is-long-enough'])
const uma = 'uma@example.com'

test('a device is known for whoever signed in on it, and for nobody else', () => {
  const value = devices.remember(undefined, 'Uma@Example.com')
  const device = devices.deviceOf(value, uma)
  assert.match(device ?? '', /^[\w-]{22}$/)
  assert.equal(devices.deviceOf(value, 'zoe@example.com'), undefined)
  const both = devices.remember(value, 'zoe@example.com')
  assert.equal(devices.deviceOf(both, uma), device)
  assert.equal(devices.deviceOf(both, 'zoe@example.com'), device)
  assert.equal(devices.remember(both, uma).length, both.length, 'nobody stands there twice')
  assert.notEqual(devices.deviceOf(devices.remember(undefined, uma), uma), device)
})

test('nobody makes one without the secret: changed, cut, lengthened, swapped or of another install', () => {
  const value = devices.remember(undefined, uma)
  const other = devices.remember(undefined, uma)
  const [id = '', proof = ''] = value.split('.')
  const [otherId = ''] = other.split('.')
  const forged = [
    '',
    id,
    `${otherId}.${proof}`,
    `${id}.${proof.slice(0, -1)}`,
    `${id}.${proof}.`,
    `${id}.${proof}A`,
    `${id}.${proof.startsWith('A') ? 'B' : 'A'}${proof.slice(1)}`,
    `${value}${`.${proof}`.repeat(4)}`,
    new KnownDevices(['another-secret-of-tests-that-is-long']).remember(undefined, uma),
  ]
  for (const one of forged) assert.equal(devices.deviceOf(one, uma), undefined, one)
  assert.equal(devices.deviceOf(undefined, uma), undefined)
})

test('while the secret is replaced, what the previous one has proven holds', () => {
  const value = devices.remember(undefined, uma)
  const both = new KnownDevices([
    'a-new-secret-of-tests-that-is-long',
    'a-secret-of-tests-that-is-long-enough',
  ])
  assert.notEqual(both.deviceOf(value, uma), undefined)
  const renewed = both.remember(value, uma)
  const alone = new KnownDevices(['a-new-secret-of-tests-that-is-long'])
  assert.equal(alone.deviceOf(renewed, uma), both.deviceOf(value, uma))
})

test('of five people the one who signed in longest ago is forgotten', () => {
  let value: string | undefined
  for (let i = 0; i < 5; i++) value = devices.remember(value, `p${i}@example.com`)
  const known = [0, 1, 2, 3, 4].map((i) => devices.deviceOf(value, `p${i}@example.com`) !== undefined)
  assert.deepEqual(known, [false, true, true, true, true])
})
