import { setTimeout as wait } from 'node:timers/promises'
import { ping } from './redis.ts'
import { run } from './run.ts'
import { commandOf, freePort, ServerProcess } from './server-process.ts'

const patience = 30_000
const masters = 3

/** A Redis Cluster of the tests' own: three masters, each with a replica that takes over within a few seconds. */
export class RedisCluster {
  readonly nodes: readonly ServerProcess[]

  private constructor(nodes: readonly ServerProcess[]) {
    this.nodes = nodes
  }

  static async start({ isDurable = false }: { readonly isDurable?: boolean } = {}): Promise<RedisCluster> {
    const nodes: ServerProcess[] = []
    // One after the other, so that no two find the same port free.
    for (let index = 0; index < 2 * masters; index++) nodes.push(await startNode(isDurable))
    const cluster = new RedisCluster(nodes)
    try {
      const places = nodes.map(({ port }) => `127.0.0.1:${port}`)
      const how = ['--cluster-replicas', '1', '--cluster-yes']
      await run(commandOf('redis', 'redis-cli'), ['--cluster', 'create', ...places, ...how])
      await cluster.untilWhole(nodes)
    } catch (error) {
      await cluster.stop()
      throw error
    }
    return cluster
  }

  get urls(): readonly string[] {
    return this.nodes.map(({ port }) => `redis://127.0.0.1:${port}`)
  }

  /** The node that answers for a key now, as another one sees it. */
  async masterOf(key: string, asked: ServerProcess | undefined = this.nodes[0]): Promise<ServerProcess> {
    if (asked === undefined) throw new TypeError('a cluster has nodes')
    const slot = Number(await ask(asked, 'CLUSTER', 'KEYSLOT', key))
    for (const line of (await ask(asked, 'CLUSTER', 'NODES')).split('\n')) {
      const [, place = '', flags = '', , , , , , ...slots] = line.split(' ')
      if (!flags.includes('master') || flags.includes('fail')) continue
      const holds = slots.some((range) => {
        const [from, to = from] = range.split('-').map(Number)
        return from !== undefined && to !== undefined && from <= slot && slot <= to
      })
      const port = Number(/:(\d+)@/.exec(place)?.[1])
      const node = this.nodes.find((node) => node.port === port)
      if (holds && node !== undefined) return node
    }
    throw new Error(`No master holds the slot of ${key}`)
  }

  /** Waits until these nodes know each other, and every replica among them follows its master. */
  async untilWhole(nodes: readonly ServerProcess[] = this.nodes): Promise<void> {
    const until = performance.now() + patience
    for (const node of nodes) {
      while (!(await isWhole(node))) {
        if (performance.now() > until)
          throw new Error(`The cluster did not come up: ${await ask(node, 'CLUSTER', 'NODES')}`)
        await wait(50)
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }
}

async function startNode(isDurable: boolean): Promise<ServerProcess> {
  const bus = await freePort()
  return await ServerProcess.start({
    program: 'redis',
    args: ({ port, folder }) => {
      const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
      const cluster = [
        '--cluster-enabled',
        'yes',
        '--cluster-port',
        String(bus),
        '--cluster-node-timeout',
        '1000',
      ]
      const speed = ['--repl-diskless-sync-delay', '0', '--appendfsync', 'always']
      return [...place, ...cluster, ...speed, '--appendonly', isDurable ? 'yes' : 'no']
    },
    ask: ping,
  })
}

async function isWhole(node: ServerProcess): Promise<boolean> {
  const [state, facts] = [await ask(node, 'CLUSTER', 'INFO'), await ask(node, 'INFO', 'replication')]
  const follows = facts.includes('role:master')
    ? /connected_slaves:[1-9]/.test(facts)
    : facts.includes('master_link_status:up')
  return state.includes('cluster_state:ok') && state.includes('cluster_slots_ok:16384') && follows
}

function ask({ port }: ServerProcess, ...command: readonly string[]): Promise<string> {
  return run(commandOf('redis', 'redis-cli'), ['-h', '127.0.0.1', '-p', String(port), ...command])
}
