import { after, before } from 'node:test'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { limitsAcrossProcesses } from '../limits-across-processes.ts'

const skip = missing('postgres')
let server: Awaited<ReturnType<typeof startPostgres>> | undefined
let made = 0

before(async () => {
  if (skip === false) server = await startPostgres()
})
after(() => server?.stop())

limitsAcrossProcesses('PostgreSQL', async () => `${server?.url}?schema=s${++made}`, { skip })
