import type { Store } from '../../../src/core/store.ts'
import { day, minute, newSession, start } from '../../../src/testing/fixtures.ts'

const realm = 'main'
const evict = { limit: { most: 3, onExceed: 'evict' } } as const

/** The step of a number: the same in whatever process it runs, so that a store is known by how many steps it has seen. */
export async function runStep(store: Store, number: number): Promise<void> {
  const at = start + number * minute
  const latest = `s-${number - (number % 6)}`
  switch (number % 6) {
    case 0:
      await store.create(newSession({ id: latest, createdAt: at, data: { step: number } }), evict)
      return
    case 1:
      await store.write(latest, { add: { visits: 1 } }, { at })
      return
    case 2:
      await store.regenerate(latest, `hash-of-${latest}`, 'next', at)
      return
    case 3:
      await store.end({ realm, id: `s-${number - 9}` }, { at, reason: 'user_logout' })
      return
    case 4:
      await store.touch([{ id: latest, at, lag: 0 }])
      return
    default:
      if (number % 4 === 1)
        await store.voidBefore({ realm, subject: 'u-1' }, { at: at - 20 * minute, reason: 'bulk_revoked' })
      // Each on a day of its own, so that each writes the log anew.
      else await store.sweep(at + number * day, { limit: 100, purgeBefore: at - 60 * minute })
  }
}

/** All that a store holds of the steps up to a number. */
export async function contents(store: Store, steps: number): Promise<unknown> {
  const found = []
  for (let number = 0; number <= steps + 6; number += 6) found.push(await store.find(`s-${number}`))
  const { items } = await store.list({ realm, at: start + steps * minute, state: 'any', limit: 1000 })
  return { found, items }
}
