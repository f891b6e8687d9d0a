import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { memcached } from '../../../src/stores/memcached.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { declines, inTurn, openServer } from './server.ts'

describe(
  'JAD-18 memcached keeps the contract, but for what it declines',
  { skip: missing('memcached') },
  () => {
    const server = openServer(before, after)
    let made = 0
    storeContract(test, () => memcached(server.client(), { prefix: `${++made}:` }), { declines })
  },
)

describe('memcached keeps it where each call comes from another node', { skip: missing('memcached') }, () => {
  const server = openServer(before, after)
  let made = 0
  storeContract(test, () => inTurn(server.nodes({ prefix: `${++made}:` })), { declines })
})
