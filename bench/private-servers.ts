import { startPostgres } from '../test/services/postgres.ts'
import { startRedis } from '../test/services/redis.ts'

const starts = { postgres: startPostgres, redis: startRedis } as const
export type ServiceName = keyof typeof starts

/** Starts private servers, and tells the processes of the rows where they are. */
export async function startServices(
  names: readonly ServiceName[],
): Promise<{ readonly stop: () => Promise<void> }> {
  const started = await Promise.all(names.map((name) => starts[name]()))
  names.forEach((name, at) => (process.env[`BENCH_${name.toUpperCase()}`] = started[at]?.url))
  return {
    async stop() {
      for (const service of started) await service.stop()
    },
  }
}
