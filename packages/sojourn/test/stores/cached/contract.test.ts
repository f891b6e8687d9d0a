import { describe, test } from 'node:test'
import { cached } from '../../../src/stores/cached.ts'
import { file } from '../../../src/stores/file.ts'
import { memory } from '../../../src/stores/memory.ts'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { FakeClock } from '../../../src/testing/clock.ts'
import { start } from '../../../src/testing/fixtures.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { distant } from '../../engine/around.ts'
import { temporaryFolder } from '../file/temporary.ts'
import { contractAround } from './around-stores.ts'

describe('P-19 a cache of memory keeps the contract', () => {
  storeContract(test, () => cached(memory()))
})

describe('P-19 a cache of sqlite keeps the contract', () => {
  storeContract(test, () => cached(sqlite(':memory:')))
})

describe('P-19 P-23 a cached, resilient, observed file keeps the contract', () => {
  contractAround(() => file(temporaryFolder()))
})

describe('P-19 a cache whose clocks stand still, so that nothing runs out, keeps the contract', () => {
  storeContract(test, () => cached(memory(), { timing: new FakeClock(start) }))
})

describe('P-19 a cache of a store that answers by promises keeps the contract', () => {
  storeContract(test, () => cached(distant(memory())))
})

describe('P-19 a cache that has room for two records keeps the contract', () => {
  storeContract(test, () => cached(memory(), { maxEntries: 2 }))
})

describe('P-19 a cache of a store without a feed keeps the contract', () => {
  const reason = 'a test without one'
  storeContract(
    test,
    () => {
      const store = memory()
      return cached(
        Object.defineProperties(store, {
          changes: { value: undefined },
          watch: { value: undefined },
          declines: { value: { changes: reason } },
        }),
      )
    },
    { declines: { changes: reason } },
  )
})
