import assert from 'node:assert/strict'
import type { Awaitable, Law, Store } from '../core/store.ts'
import { changesCursorLaws } from './store-contract/changes-cursor.ts'
import { changesLaws } from './store-contract/changes.ts'
import { createLaws } from './store-contract/create.ts'
import { endBelowLaws } from './store-contract/end-below.ts'
import { endLaws } from './store-contract/end.ts'
import { findLaws } from './store-contract/find.ts'
import type { Laws } from './store-contract/law.ts'
import { leaseLaws } from './store-contract/lease.ts'
import { limitLaws } from './store-contract/limit.ts'
import { listLaws } from './store-contract/list.ts'
import { regenerateLaws } from './store-contract/regenerate.ts'
import { restoreLaws } from './store-contract/restore.ts'
import { restoreLimitLaws } from './store-contract/restore-limit.ts'
import { retentionLaws } from './store-contract/retention.ts'
import { reuseLaws } from './store-contract/reuse.ts'
import { sweepLaws } from './store-contract/sweep.ts'
import { sweepRealmLaws } from './store-contract/sweep-realm.ts'
import { touchLaws } from './store-contract/touch.ts'
import { upgradeLaws, upgradeLimitLaws } from './store-contract/upgrade.ts'
import { watermarkLaws } from './store-contract/watermark.ts'
import { writeLaws } from './store-contract/write.ts'

/** `test` of `node:test`, Vitest, Jest, Mocha, Bun: whatever takes a title and a function that may fail. */
export type Runner = (title: string, run: () => Promise<void>) => unknown

export interface StoreContractOptions {
  /** The laws that the store declines, with the reasons: the same that the store states. */
  readonly declines?: Store['declines']
}

/** In the order of the contract. Laws that stand beside names can be declined by each of them. */
const chapters: readonly (readonly [Laws, ...Law[]])[] = [
  [createLaws],
  [limitLaws, 'exact-limits'],
  [findLaws],
  [touchLaws],
  [upgradeLaws],
  [upgradeLimitLaws, 'exact-limits'],
  [regenerateLaws],
  [writeLaws, 'key-writes'],
  [endLaws],
  [endBelowLaws],
  [watermarkLaws, 'watermarks'],
  [listLaws, 'list'],
  [sweepLaws],
  [sweepRealmLaws],
  [retentionLaws, 'restore'],
  [restoreLaws, 'restore'],
  [reuseLaws, 'restore'],
  [restoreLimitLaws, 'restore', 'exact-limits'],
  [leaseLaws],
  [changesLaws, 'changes'],
  [changesCursorLaws, 'changes'],
]

/**
 * Tests that a store keeps every law of the contract, one test a law. `open` gives a fresh and empty store for each of them;
 * it is closed afterwards.
 *
 *     storeContract(test, () => memory())
 */
export function storeContract(
  test: Runner,
  open: () => Awaitable<Store>,
  options: StoreContractOptions = {},
): void {
  const { declines = {} } = options
  const law = (title: string, run: (store: Store) => Promise<void>): void => {
    test(title, async () => {
      const store = await open()
      try {
        await run(store)
      } finally {
        await store.close?.()
      }
    })
  }
  for (const [laws, ...names] of chapters) {
    const [reason] = names.flatMap((name) => declines[name] ?? [])
    for (const [title, run] of Object.entries(laws)) {
      if (reason === undefined) law(title, run)
      else test(`${title} (declined: ${reason})`, async () => {})
    }
  }
  law('the store states the laws that it declines', async (store) => {
    assert.deepEqual(store.declines ?? {}, declines)
  })
}
