import assert from 'node:assert/strict'
import type { TestContext, TestFn } from 'node:test'
import { ApiKeys, usedEvery } from '../../src/keys/api-keys.ts'
import type { NewApiKey } from '../../src/keys/new-api-key.ts'
import type { Database } from '../../src/database/open-database.ts'
import { FakeClock } from 'sojourn/testing/clock'

const day = 86_400_000
const wanted: NewApiKey = { name: 'Shop', scopes: ['introspect'], expires_in: null, rate: 10 }

/** What holds for keys, in any database. */
export function apiKeysIn(
  test: (name: string, run: TestFn) => void,
  name: string,
  open: (t: TestContext) => Promise<Database>,
): void {
  async function aPlace(t: TestContext) {
    const database = await open(t)
    const clock = new FakeClock()
    const keys = new ApiKeys(database, clock)
    const opens = async (secret: string) => (await keys.check(secret)).state === 'good'
    return { database, clock, keys, opens }
  }

  test(`${name}: R-67 A-10 a key is stored as a hash, and nothing that is stored opens anything`, async (t) => {
    const { database, keys, opens } = await aPlace(t)
    const { secret, key } = await keys.create(wanted, 'u-1')
    assert.match(secret, /^sjk_[0-9a-f]{16}_[0-9a-f]{64}$/)
    assert.ok(await opens(secret))
    const dump = JSON.stringify(await database.selectFrom('api_keys').selectAll().execute())
    const [, , part = '?'] = secret.split('_')
    assert.ok(!dump.includes(part) && !dump.includes(Buffer.from(part, 'hex').toString('base64url')))
    for (const stored of dump.match(/[0-9a-f]{64}/g) ?? assert.fail('no hash'))
      assert.ok(!(await opens(`sjk_${key.id}_${stored}`)))
  })

  test(`${name}: R-01 no other text opens a key, and what cannot be one is not looked up`, async (t) => {
    const { keys } = await aPlace(t)
    const { secret } = await keys.create(wanted, null)
    const other = await keys.create(wanted, null)
    const swapped = secret.slice(0, 20) + other.secret.slice(20)
    const why = async (text: string) => {
      const checked = await keys.check(text)
      return checked.state === 'wrong' ? checked.why : checked.state
    }
    assert.equal(await why(swapped), 'secret')
    assert.equal(await why(`sjk_${'0'.repeat(16)}_${'0'.repeat(64)}`), 'unknown')
    for (const text of [
      '',
      secret.toUpperCase(),
      `${secret}0`,
      secret.slice(0, -1),
      ` ${secret}`,
      `${secret}\n`,
    ])
      assert.equal(await why(text), 'malformed', JSON.stringify(text))
  })

  test(`${name}: R-75 while a key is being replaced both open, the old one until the overlap is over`, async (t) => {
    const { keys, clock, opens } = await aPlace(t)
    const { secret: first, key } = await keys.create(wanted, null)
    const second = (await keys.rotate(key.id, day))?.secret ?? assert.fail()
    assert.deepEqual([await opens(first), await opens(second)], [true, true])
    clock.advance(day)
    assert.deepEqual([await opens(first), await opens(second)], [true, true])
    clock.advance(1)
    assert.deepEqual([await opens(first), await opens(second)], [false, true])
    const third = (await keys.rotate(key.id, day))?.secret ?? assert.fail()
    const fourth = (await keys.rotate(key.id, day))?.secret ?? assert.fail()
    assert.deepEqual([await opens(second), await opens(third), await opens(fourth)], [false, true, true])
    const fifth = (await keys.rotate(key.id, 0))?.secret ?? assert.fail()
    assert.deepEqual([await opens(fourth), await opens(fifth)], [false, true])
  })

  test(`${name}: of two who replace a key at once, each that gets a secret has one that opens`, async (t) => {
    const { keys, opens } = await aPlace(t)
    for (let i = 0; i < 5; i++) {
      const { key } = await keys.create(wanted, null)
      const issued = await Promise.all([keys.rotate(key.id, day), keys.rotate(key.id, day)])
      const secrets = issued.flatMap((one) => one?.secret ?? [])
      assert.ok(secrets.length >= 1)
      for (const secret of secrets) assert.ok(await opens(secret))
    }
  })

  test(`${name}: a key is good until its expiry, and over one millisecond later`, async (t) => {
    const { keys, clock, opens } = await aPlace(t)
    const { secret, key } = await keys.create({ ...wanted, expires_in: day }, null)
    clock.advance(day)
    assert.ok(await opens(secret))
    clock.advance(1)
    assert.ok(!(await opens(secret)))
    assert.equal(await keys.rotate(key.id, day), undefined)
  })

  test(`${name}: R-21 a revoked key opens nothing, its old secret neither, and nothing brings it back`, async (t) => {
    const { keys, database, opens } = await aPlace(t)
    const { secret: first, key } = await keys.create(wanted, null)
    const second = (await keys.rotate(key.id, day))?.secret ?? assert.fail()
    const elsewhere = new ApiKeys(database, new FakeClock())
    assert.equal((await elsewhere.revoke(key.id))?.id, key.id)
    assert.deepEqual([await opens(first), await opens(second)], [false, false])
    assert.equal(await keys.revoke(key.id), undefined)
    assert.equal(await keys.rotate(key.id, day), undefined)
  })

  test(`${name}: P-05 the last use is written once in ${usedEvery / 60_000} minutes`, async (t) => {
    const { keys, clock } = await aPlace(t)
    const { key } = await keys.create(wanted, null)
    const use = async () => keys.used((await keys.find(key.id)) ?? assert.fail())
    const lastUse = async () => (await keys.find(key.id))?.lastUsedAt
    await use()
    const first = clock.now()
    assert.equal(await lastUse(), first)
    clock.advance(usedEvery - 1)
    await use()
    // Another node that read the key before it was written.
    await keys.used(key)
    assert.equal(await lastUse(), first)
    clock.advance(1)
    await use()
    assert.equal(await lastUse(), clock.now())
  })

  test(`${name}: P-17 what was revoked is listed for 90 days, and goes`, async (t) => {
    const { keys, clock } = await aPlace(t)
    const { key } = await keys.create(wanted, null)
    const kept = await keys.create(wanted, null)
    await keys.revoke(key.id)
    clock.advance(90 * day)
    await keys.sweep()
    assert.equal((await keys.list()).length, 2)
    clock.advance(1)
    await keys.sweep()
    assert.deepEqual(
      (await keys.list()).map(({ id }) => id),
      [kept.key.id],
    )
  })
}
