import { after, before, describe } from 'node:test'
import { startMariadb } from '../../../../../test/services/mariadb.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { boundAcrossProcesses, boundBrokenWithoutLease } from '../bound-across-processes.ts'

describe('the bound across processes on MariaDB', { skip: missing('mariadb') }, () => {
  let server: Awaited<ReturnType<typeof startMariadb>>
  let made = 0
  before(async () => {
    server = await startMariadb()
  })
  after(() => server.stop())
  const freshUrl = (): Promise<string> => server.newDatabase(`bound_${++made}`)
  boundAcrossProcesses('MariaDB', freshUrl)
  boundBrokenWithoutLease('MariaDB', freshUrl)
})
