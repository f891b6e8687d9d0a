import { after, before, describe, test } from 'node:test'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { postgres } from '../../../src/stores/postgres.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { type Connect, type Connected, pgPool, postgresClient } from './clients.ts'

const clients: { readonly [name: string]: Connect } = { pg: pgPool, 'postgres.js': postgresClient }

for (const [name, connect] of Object.entries(clients)) {
  describe(`P-06 postgres over ${name} keeps the contract`, { skip: missing('postgres') }, () => {
    let server: Awaited<ReturnType<typeof startPostgres>>
    let connected: Connected
    let made = 0
    before(async () => {
      server = await startPostgres()
      connected = connect(server.url)
    })
    after(async () => {
      await connected.close()
      await server.stop()
    })
    storeContract(test, () => postgres(connected.client, { schema: `s${++made}` }))
  })
}
