import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'

export interface Balancer {
  readonly port: number
  /** How many requests each node was given. */
  readonly served: readonly number[]
  close(): void
}

/** A balancer without memory: each request goes to the next node, whoever sends it, and nothing is changed on the way. */
export async function roundRobin(ports: readonly number[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  const served = ports.map(() => 0)
  let turn = 0
  const server = createServer((asked, answer) => {
    const node = turn++ % ports.length
    served[node] = (served[node] ?? 0) + 1
    const { method = 'GET', url = '/', rawHeaders: headers } = asked
    const passed = request({ agent, host: '127.0.0.1', port: ports[node] ?? 0, method, path: url, headers })
    passed.on('response', (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.statusMessage, reply.rawHeaders)
      pipeline(reply, answer, () => {})
    })
    passed.on('error', () => answer.destroy())
    pipeline(asked, passed, () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    served,
    close() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
    },
  }
}
