import { after, before } from 'node:test'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { boundAcrossProcesses, boundBrokenWithoutLease } from '../bound-across-processes.ts'

const skip = missing('postgres')
let server: Awaited<ReturnType<typeof startPostgres>> | undefined
let made = 0

before(async () => {
  if (skip === false) server = await startPostgres()
})
after(() => server?.stop())

const freshUrl = async (): Promise<string> => `${server?.url}?schema=bound${++made}`
boundAcrossProcesses('PostgreSQL', freshUrl, { skip })
boundBrokenWithoutLease('PostgreSQL', freshUrl, { skip })
