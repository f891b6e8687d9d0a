import { missing } from '../../../../test/services/programs.ts'
import { startRedis } from '../../../../test/services/redis.ts'
import { overTwoNodes } from './over-two-nodes.ts'

overTwoNodes(
  'Redis',
  async () => {
    const server = await startRedis({ isDurable: true })
    return {
      url: server.url,
      storeName: 'redis',
      outage: { kill: () => server.kill(), restart: () => server.restart() },
      stop: () => server.stop(),
    }
  },
  { skip: missing('redis') },
)
