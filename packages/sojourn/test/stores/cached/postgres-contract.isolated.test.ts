import { after, before, describe } from 'node:test'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { postgres } from '../../../src/stores/postgres.ts'
import { type Connected, pgPool } from '../postgres/clients.ts'
import { contractAround } from './around-stores.ts'

describe(
  'P-19 P-23 a cached, resilient, observed postgres keeps the contract',
  { skip: missing('postgres') },
  () => {
    let server: Awaited<ReturnType<typeof startPostgres>>
    let connected: Connected
    let made = 0
    before(async () => {
      server = await startPostgres()
      connected = pgPool(server.url)
    })
    after(async () => {
      await connected.close()
      await server.stop()
    })
    contractAround(() => postgres(connected.client, { schema: `s${++made}` }))
  },
)
