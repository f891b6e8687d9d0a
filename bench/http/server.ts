/** A process that serves one contestant: `port` starts it, `cpu` asks for the seconds of processor time it has used. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { servers, type ServerName } from '../contestants/index.ts'
import { answerParent } from '../process/answer.ts'

export type ServerQuestion = 'port' | 'cpu'

const name = process.argv[2] as ServerName

async function listen(): Promise<number> {
  const { listener } = await servers[name]()
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

answerParent((question: ServerQuestion) => {
  if (question === 'port') return listen()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
})
