import { after, before, describe } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { limitsAcrossProcesses } from '../limits-across-processes.ts'
import { restoresAcrossProcesses } from '../restores-across-processes.ts'
import { openServer } from './server.ts'

describe('several processes on one Memcached', { skip: missing('memcached') }, () => {
  const server = openServer(before, after)
  let made = 0
  const freshUrl = async (): Promise<string> => `${server.server().url}/?prefix=${++made}:`
  limitsAcrossProcesses('Memcached', freshUrl)
  restoresAcrossProcesses('Memcached', freshUrl)
})
