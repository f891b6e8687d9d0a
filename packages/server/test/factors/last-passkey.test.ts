import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { Accounts } from '../../src/accounts/accounts.ts'
import { Passwords } from '../../src/accounts/passwords.ts'
import { Passkeys } from '../../src/factors/passkeys.ts'
import { cheap, password } from '../a-server.ts'
import { databases } from '../databases.ts'

const clock = { now: () => 1_700_000_000_000 }

for (const { name, open, skip } of databases)
  test(
    `${name}: of two last passkeys that are removed at the same moment one stays, where nothing else opens the account`,
    { skip },
    async (t) => {
      const database = await open(t)
      const accounts = new Accounts(database, new Passwords({ cost: cheap }), clock)
      const passkeys = new Passkeys(database, clock)
      const add = (account: string, id: string) =>
        passkeys.add({
          id,
          account,
          publicKey: new Uint8Array([1]),
          counter: 0,
          transports: [],
          isSynced: false,
          name: id,
        })
      // A pool that has all its connections already, so that none waits for its own.
      await Promise.all(Array.from({ length: 8 }, () => sql`select 1`.execute(database)))
      for (let round = 0; round < 10; round++) {
        const { id = '' } = (await accounts.create({ email: `u-${round}@example.com`, name: 'Uma' })) ?? {}
        const keys = ['a', 'b'].map((one) => `${one}-${round}`)
        for (const key of keys) await add(id, key)
        const said = await Promise.all(keys.map((key) => passkeys.remove(id, key, false)))
        assert.deepEqual(said.toSorted(), ['last', 'removed'])
        const left = (await passkeys.of(id)).map((one) => one.id)
        assert.equal(left.length, 1)
        assert.equal(await passkeys.remove(id, 'unknown', false), 'none')
        assert.equal(await passkeys.remove(id, left[0] ?? '', true), 'removed')
      }
      const { id = '' } = (await accounts.create({ email: 'pia@example.com', name: 'Pia', password })) ?? {}
      await add(id, 'of-pia')
      assert.equal(await passkeys.remove(id, 'of-pia', false), 'removed', 'a password opens the account')
    },
  )
