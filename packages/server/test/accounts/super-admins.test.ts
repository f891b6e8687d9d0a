import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Account } from '../../src/accounts/account.ts'
import { Accounts } from '../../src/accounts/accounts.ts'
import { Passwords } from '../../src/accounts/passwords.ts'
import { cheap, password } from '../a-server.ts'
import { databases } from '../databases.ts'

const clock = { now: () => 1_700_000_000_000 }

const ways = {
  disable: (accounts: Accounts, id: string) => accounts.disable(id),
  remove: (accounts: Accounts, id: string) => accounts.remove(id),
  demote: (accounts: Accounts, id: string) => accounts.setRoles(id, ['store-admin']),
}
type Way = keyof typeof ways
const wayNames = Object.keys(ways) as Way[]

for (const { name, open, skip } of databases) {
  test(
    `${name}: A-25 the last Super Admin who can sign in stays one, whatever is asked`,
    { skip },
    async (t) => {
      const { accounts, some, areLeft } = await people(await open(t))
      const [ada, eve] = await some(2)
      assert.ok(ada && eve)
      assert.equal(await accounts.disable(eve.id), true)
      for (const way of wayNames) assert.equal(await ways[way](accounts, ada.id), false, way)
      assert.deepEqual(await areLeft(), [ada.id])
      assert.equal(await accounts.setRoles(ada.id, ['user', 'super-admin']), true, 'they stay one by that')
      await accounts.enable(eve.id)
      assert.equal(await accounts.remove(ada.id), true)
      assert.deepEqual(await areLeft(), [eve.id])
    },
  )

  test(`${name}: A-25 of all who leave at the same moment, one stays`, { skip }, async (t) => {
    const database = await open(t)
    const { accounts, some, areLeft } = await people(database)
    // A pool that has all its connections already, so that none waits for its own.
    await Promise.all(Array.from({ length: 8 }, () => sql`select 1`.execute(database)))
    for (let round = 0; round < 12; round++) {
      await some(3)
      const all = await areLeft()
      const went = await Promise.all(
        all.map((id, at) => ways[wayNames[(at + round) % wayNames.length] ?? 'remove'](accounts, id)),
      )
      assert.equal(went.filter((isGone) => !isGone).length, 1)
      assert.equal((await areLeft()).length, 1)
    }
  })

  test(`${name}: where there is no Super Admin, anybody else can leave`, { skip }, async (t) => {
    const { accounts } = await people(await open(t))
    const uma = await accounts.create({ email: 'uma@example.com', name: 'Uma', password })
    assert.equal(await accounts.disable(uma?.id ?? ''), true)
    assert.equal(await accounts.remove(uma?.id ?? ''), true)
  })
}

async function people(database: ConstructorParameters<typeof Accounts>[0]) {
  const accounts = new Accounts(database, new Passwords({ cost: cheap }), clock)
  let made = 0
  const some = async (count: number): Promise<readonly Account[]> => {
    const all: Account[] = []
    while (all.length < count) {
      const email = `ada-${++made}@example.com`
      const account = await accounts.create({ email, name: email, roles: ['super-admin'] })
      if (account !== undefined) all.push(account)
    }
    return all
  }
  const areLeft = async (): Promise<readonly string[]> => {
    const rows = await database
      .selectFrom('accounts')
      .select('id')
      .where('roles', 'like', '%super-admin%')
      .where('disabled_at', 'is', null)
      .execute()
    return rows.map(({ id }) => id)
  }
  return { accounts, some, areLeft }
}
