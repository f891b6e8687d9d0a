import { describe, test } from 'node:test'
import { sqlite } from '../../src/stores/sqlite.ts'
import { storeContract } from '../../src/testing/store-contract.ts'

describe('sqlite keeps the contract', () => {
  storeContract(test, () => sqlite(':memory:'))
})
