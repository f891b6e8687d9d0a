import { describe, test } from 'node:test'
import { file } from '../../../src/stores/file.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { temporaryFolder } from './temporary.ts'

describe('file keeps the contract', () => {
  storeContract(test, () => file(temporaryFolder()))
})

describe('a durable file store keeps the contract', () => {
  storeContract(test, () => file(temporaryFolder(), { durable: true }))
})
