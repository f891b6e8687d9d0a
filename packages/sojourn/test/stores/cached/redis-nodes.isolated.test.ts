import { after, before } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import { boundAcrossProcesses, boundBrokenWithoutLease } from '../bound-across-processes.ts'

const skip = missing('redis')
let server: Awaited<ReturnType<typeof startRedis>> | undefined
let made = 0

before(async () => {
  if (skip === false) server = await startRedis()
})
after(() => server?.stop())

const freshUrl = async (): Promise<string> => `${server?.url}/?tag=bound-${++made}`
boundAcrossProcesses('Redis', freshUrl, { skip })
boundBrokenWithoutLease('Redis', freshUrl, { skip })
