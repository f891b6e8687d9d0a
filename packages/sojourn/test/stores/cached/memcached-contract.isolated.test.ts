import { after, before, describe } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { memcached } from '../../../src/stores/memcached.ts'
import { declines, openServer } from '../memcached/server.ts'
import { contractAround } from './around-stores.ts'

describe(
  'P-19 P-23 JAD-18 a cached, resilient, observed memcached keeps the contract, but for what it declines',
  { skip: missing('memcached') },
  () => {
    const server = openServer(before, after)
    let made = 0
    contractAround(() => memcached(server.client(), { prefix: `${++made}:` }), { declines })
  },
)
