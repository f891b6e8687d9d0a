import { missing } from '../../../../test/services/programs.ts'
import { RedisCluster } from '../../../../test/services/redis-cluster.ts'
import { overTwoNodes } from './over-two-nodes.ts'

overTwoNodes(
  'a Redis Cluster',
  async () => {
    const cluster = await RedisCluster.start({ isDurable: true })
    const { nodes, urls } = cluster
    const hosts = urls.map((url) => url.replace('redis://', ''))
    return {
      url: `redis+cluster://${hosts.slice(0, 2).join(',')}?tag=people&replicas=1`,
      storeName: 'redis',
      outage: {
        kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
        async restart() {
          await Promise.all(nodes.map((node) => node.restart()))
          await cluster.untilWhole()
        },
      },
      stop: () => cluster.stop(),
    }
  },
  { skip: missing('redis') },
)
