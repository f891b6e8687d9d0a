import { after, before, describe } from 'node:test'
import { startMariadb } from '../../../../../test/services/mariadb.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { limitsAcrossProcesses } from '../limits-across-processes.ts'

describe('limits across processes on MariaDB', { skip: missing('mariadb') }, () => {
  let server: Awaited<ReturnType<typeof startMariadb>>
  let made = 0
  before(async () => {
    server = await startMariadb()
  })
  after(() => server.stop())
  limitsAcrossProcesses('MariaDB', () => server.newDatabase(`limits_${++made}`))
})
