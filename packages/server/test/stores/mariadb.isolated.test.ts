import { startMariadb } from '../../../../test/services/mariadb.ts'
import { missing } from '../../../../test/services/programs.ts'
import { overTwoNodes } from './over-two-nodes.ts'

overTwoNodes(
  'MariaDB',
  async () => {
    const server = await startMariadb()
    return {
      url: server.url,
      storeName: 'mysql',
      outage: { kill: () => server.kill(), restart: () => server.restart() },
      stop: () => server.stop(),
    }
  },
  { skip: missing('mariadb') },
)
