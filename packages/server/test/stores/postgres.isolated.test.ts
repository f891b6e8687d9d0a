import { startPostgres } from '../../../../test/services/postgres.ts'
import { missing } from '../../../../test/services/programs.ts'
import { overTwoNodes } from './over-two-nodes.ts'

overTwoNodes(
  'PostgreSQL',
  async () => {
    const server = await startPostgres()
    const secret = 'hunter2-hunter2'
    return {
      // It lets everybody in; what is asked here is where the password goes.
      url: `${server.url.replace('@', `:${secret}@`)}?schema=people`,
      storeName: 'postgres',
      secret,
      outage: { kill: () => server.kill(), restart: () => server.restart() },
      stop: () => server.stop(),
    }
  },
  { skip: missing('postgres') },
)
