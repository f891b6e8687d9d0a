/** A process that serves one contestant: `port` starts it, `cpu` asks for the seconds of processor time it has used, `requests` for what it is to be asked. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { servers, type ServerName } from '../contestants/index.ts'
import type { Server } from '../contestants/contestant.ts'
import { answerParent } from '../process/answer.ts'
import type { Requests } from './requests.ts'

export type ServerQuestion = 'port' | 'cpu' | 'requests'

/** Made once, by the first question. */
let made: Promise<Server> | undefined

function contestant(): Promise<Server> {
  return (made ??= servers[process.argv[2] as ServerName]())
}

async function listen(): Promise<number> {
  const asked = await contestant()
  if ('listen' in asked) return asked.listen()
  const { listener } = asked
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** `null`: its page is asked for, by whoever logged in to it. */
async function requests(): Promise<Requests | null> {
  const { requests } = await contestant()
  return requests === undefined ? null : requests()
}

answerParent((question: ServerQuestion) => {
  if (question === 'port') return listen()
  if (question === 'requests') return requests()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
})
