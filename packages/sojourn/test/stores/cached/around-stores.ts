import { test } from 'node:test'
import type { Awaitable, Store } from '../../../src/core/store.ts'
import { cached } from '../../../src/stores/cached.ts'
import { observed } from '../../../src/stores/observed.ts'
import { resilient } from '../../../src/stores/resilient.ts'
import { storeContract, type StoreContractOptions } from '../../../src/testing/store-contract.ts'

const unheard = (): void => {}

/** Every law of the contract, of what stands around a store in an application: each tells what the one below it answers. */
export function contractAround(open: () => Awaitable<Store>, options: StoreContractOptions = {}): void {
  storeContract(test, async () => cached(resilient(observed(await open(), unheard), patient)), options)
}

/** A machine that is busy with other tests may let a store wait. */
const patient = { deadline: '20s', tryFor: '20s' } as const
