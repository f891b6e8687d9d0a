import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MergeRules } from '../../src/core/merge.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { start } from '../../src/testing/fixtures.ts'
import { anEngine, secret, stores } from './an-engine.ts'
import { around, distant } from './around.ts'

interface Shop {
  cart: { id: string; quantity: number }[]
  seen: string[]
  visits: number
  language: string
  draft: { text: string; updatedAt: number }
  campaign: string
}

const rules: MergeRules<Shop> = {
  cart: 'sum',
  seen: 'union',
  visits: 'sum',
  language: 'keep-guest',
  draft: 'newest',
  campaign: 'drop',
}

/** What the guest has, and what the application keeps of the user and hands in at login. */
const guestData = {
  cart: [
    { id: 'shoe', quantity: 1 },
    { id: 'hat', quantity: 2 },
  ],
  seen: ['shoe', 'hat'],
  visits: 3,
  language: 'de',
  draft: { text: 'new', updatedAt: 2 },
  campaign: 'spring',
  other: 'from the guest',
}
const userData = {
  cart: [{ id: 'hat', quantity: 5 }],
  seen: ['hat', 'coat'],
  visits: 40,
  language: 'en',
  draft: { text: 'old', updatedAt: 1 },
  other: 'given at login',
}
const merged = {
  cart: [
    { id: 'hat', quantity: 7 },
    { id: 'shoe', quantity: 1 },
  ],
  seen: ['hat', 'coat', 'shoe'],
  visits: 43,
  language: 'de',
  draft: { text: 'new', updatedAt: 2 },
  other: 'given at login',
}

for (const [name, open] of stores)
  describe(`merging at login on ${name}`, () => {
    test("SLI-31 P-25 a guest's data becomes the user's, key by key, by the declared rules", async () => {
      const { guest, engine, ask, state } = anEngine({ store: open(), merge: rules })
      const before = await guest({ data: guestData })
      const after = await engine.upgrade(before.session.id, { subject: 'u-1', data: userData })
      assert.ok(after !== undefined)
      assert.deepEqual({ ...after.data }, merged)
      const found = await ask(after.token)
      assert.ok(found.state === 'active')
      assert.deepEqual({ ...found.data }, merged)
      assert.equal(await state(before), 'upgraded')
      assert.deepEqual({ ...(await engine.data.read(before.session.id)) }, guestData)
    })

    test('P-25 a sum is summed once, though the guest writes during the login', async () => {
      const inner = open()
      let writes = 3
      let id = ''
      const store = around(inner, async (verb, run) => {
        if (verb === 'upgrade' && writes-- > 0) await inner.write(id, { add: { visits: 1 } }, { at: start })
        return run()
      })
      const { guest, engine } = anEngine({ store, merge: rules })
      id = (await guest({ data: { visits: 1 } })).session.id
      const after = await engine.upgrade(id, { subject: 'u-1', data: { visits: 10 } })
      assert.equal(after?.data['visits'], 14)
    })

    test('P-25 of parallel logins of one guest, one has the cart', async () => {
      const { guest, engine } = anEngine({ store: distant(open()), merge: rules })
      const { session } = await guest({ data: { visits: 1 } })
      const all = await Promise.all(
        Array.from({ length: 10 }, () =>
          engine.upgrade(session.id, { subject: 'u-1', data: { visits: 10 } }),
        ),
      )
      assert.deepEqual(
        all.flatMap((one) => one?.data['visits'] ?? []),
        [11],
      )
    })

    test('a login in steps merges what its first step kept by the same rules, once', async () => {
      const { guest, engine } = anEngine({ store: open(), merge: rules })
      const visitor = await guest({ data: { visits: 1 } })
      const step = await engine.upgrade(visitor.session.id, {
        subject: 'u-1',
        pending: true,
        data: { visits: 10 },
      })
      const done = await engine.activate(step?.session.id ?? '')
      assert.deepEqual({ ...done?.data }, { visits: 11 })
    })
  })

test('what is no rule is refused at construction, with its key path', () => {
  const merge = { cart: 'both' } as unknown as MergeRules<{ cart: string[] }>
  assert.throws(() => anEngine({ merge }), {
    code: 'invalid_option',
    message: /^merge\.cart: expected one of keep-user/,
  })
})

test('a rule that gives what is no JSON fails the login, and the guest keeps all', async () => {
  const { guest, engine, state } = anEngine({ merge: { cart: () => new Date() } })
  const before = await guest({ data: { cart: 1 } })
  await assert.rejects(engine.upgrade(before.session.id, { subject: 'u-1' }), { code: 'invalid_data' })
  assert.equal(await state(before), 'active')
})

test('rules are typed by what the application keeps', () => {
  const { store } = anEngine()
  const options = { store, secret, sweepEvery: null }
  createSessions<Shop>({ ...options, merge: rules })
  createSessions<Shop>({
    ...options,
    merge: { language: (guest, user) => (guest ?? user ?? 'en').toUpperCase() },
  })
  // @ts-expect-error -- a language is no list
  createSessions<Shop>({ ...options, merge: { language: 'union' } })
  // @ts-expect-error -- nothing of this name is kept
  createSessions<Shop>({ ...options, merge: { basket: 'sum' } })
})
