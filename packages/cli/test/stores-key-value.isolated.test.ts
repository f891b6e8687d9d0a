import { startMemcached } from '../../../test/services/memcached.ts'
import { RedisCluster } from '../../../test/services/redis-cluster.ts'
import { startRedis } from '../../../test/services/redis.ts'
import { overAStore, urlOf } from './over-a-store.ts'

overAStore({ name: 'Redis', program: 'redis', open: (t) => urlOf(t, startRedis()) })
overAStore({ name: 'Memcached', program: 'memcached', open: (t) => urlOf(t, startMemcached()) })
overAStore({
  name: 'a Redis Cluster',
  program: 'redis',
  async open(t) {
    const cluster = await RedisCluster.start()
    t.after(() => cluster.stop())
    return (cluster.urls[0] ?? '').replace('redis:', 'redis+cluster:')
  },
})
