import { startMemcached } from '../../../../test/services/memcached.ts'
import { missing } from '../../../../test/services/programs.ts'
import { overTwoNodes } from './over-two-nodes.ts'

overTwoNodes(
  'Memcached',
  async () => {
    const server = await startMemcached()
    return {
      url: `${server.url}/?prefix=people:`,
      storeName: 'memcached',
      outage: { kill: () => server.kill(), restart: () => server.restart() },
      forgets: true,
      stop: () => server.stop(),
    }
  },
  { skip: missing('memcached') },
)
