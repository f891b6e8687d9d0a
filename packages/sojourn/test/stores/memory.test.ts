import { test } from 'node:test'
import { memory } from '../../src/stores/memory.ts'
import { storeContract } from '../../src/testing/store-contract.ts'

storeContract(test, () => memory())
