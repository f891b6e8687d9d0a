import { invalidOption } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'

/** node-redis: `createClient()`. */
export interface NodeRedisClient {
  sendCommand(args: string[]): Promise<unknown>
  readonly isReady: boolean
  duplicate(): object
}

/** node-redis: `createCluster()`. */
export interface NodeRedisCluster {
  sendCommand(firstKey: string | undefined, isReadonly: boolean | undefined, args: string[]): Promise<unknown>
  readonly slots: readonly { readonly master: object }[]
  readonly masters: readonly unknown[]
  duplicate(): object
}

/** ioredis: `new Redis()` and `new Cluster()`. */
export interface IoRedisClient {
  call(command: string, ...args: string[]): Promise<unknown>
  readonly status: string
  pipeline(commands: string[][]): { exec(): Promise<[Error | null, unknown][] | null> }
  duplicate(): object
}

/** A client, or a client of a cluster, of node-redis or ioredis. It is connected, and closed, by who hands it in. */
export type RedisClient = NodeRedisClient | NodeRedisCluster | IoRedisClient

export interface Replication {
  readonly replicas: number
  readonly millis: Millis
}

export interface Replicated {
  readonly answer: unknown
  readonly replicas: number
}

/** What a store does with any client. */
export interface RedisConnection {
  /** Whether it is known that nothing can be asked just now. */
  readonly isDown: boolean
  /** Asks the server that holds the key. */
  ask(key: string, command: string, ...args: string[]): Promise<unknown>
  /** The same, and how many replicas have what it wrote within so many milliseconds. */
  askAndWait(replication: Replication, key: string, command: string, ...args: string[]): Promise<Replicated>
  /** Another connection of the same settings, for what blocks. */
  duplicate(): Promise<{ readonly connection: RedisConnection; readonly close: () => void }>
}

export function connectionOf(client: RedisClient): RedisConnection {
  if (isIoRedis(client)) return ioRedis(client)
  if (isNodeCluster(client)) return nodeCluster(client)
  if (isNodeRedis(client)) return nodeRedis(client)
  throw invalidOption('client', 'a client or a cluster of node-redis or ioredis', client)
}

function ioRedis(client: IoRedisClient): RedisConnection {
  return {
    get isDown() {
      return ['reconnecting', 'close', 'end'].includes(client.status)
    },
    ask: (_key, command, ...args) => client.call(command, ...args),
    async askAndWait(replication, _key, ...command) {
      const answers = await client.pipeline([command, waitOf(replication)]).exec()
      const [[failure, answer] = [null, null], [other, replicas] = [null, 0]] = answers ?? []
      if (failure !== null) throw failure
      if (other !== null) throw other
      return { answer, replicas: Number(replicas) }
    },
    duplicate: () => duplicateOf(client),
  }
}

function nodeRedis(client: NodeRedisClient): RedisConnection {
  return {
    get isDown() {
      return !client.isReady
    },
    ask: (_key, ...command) => client.sendCommand(command),
    async askAndWait(replication, _key, ...command) {
      // Sent at once, one behind the other on the same connection.
      const [answer, replicas] = await Promise.all([
        client.sendCommand(command),
        client.sendCommand(waitOf(replication)),
      ])
      return { answer, replicas: Number(replicas) }
    },
    duplicate: () => duplicateOf(client),
  }
}

function nodeCluster(client: NodeRedisCluster): RedisConnection {
  const ask: RedisConnection['ask'] = (key, ...command) => client.sendCommand(key, false, command)
  let slot: Promise<number> | undefined
  return {
    isDown: false,
    ask,
    async askAndWait(replication, key, command, ...args) {
      slot ??= ask(key, 'CLUSTER', 'KEYSLOT', key).then(Number)
      const answer = await ask(key, command, ...args)
      // The cluster client would ask every shard: only the one that wrote knows of it.
      const master = client.slots[await slot]?.master
      const node = master !== undefined && 'client' in master ? ((await master.client) as object) : client
      if (!isNodeRedis(node)) throw new Error('the cluster has no master for the slot of this store')
      return { answer, replicas: Number(await node.sendCommand(waitOf(replication))) }
    },
    duplicate: () => duplicateOf(client),
  }
}

function waitOf({ replicas, millis }: Replication): string[] {
  return ['WAIT', String(replicas), String(millis)]
}

function isIoRedis(client: object): client is IoRedisClient {
  return 'call' in client && 'status' in client && typeof client.call === 'function'
}

function isNodeCluster(client: object): client is NodeRedisCluster {
  return 'sendCommand' in client && 'masters' in client && typeof client.sendCommand === 'function'
}

function isNodeRedis(client: object): client is NodeRedisClient {
  return (
    'sendCommand' in client &&
    'isReady' in client &&
    !('masters' in client) &&
    typeof client.sendCommand === 'function'
  )
}

async function duplicateOf(client: RedisClient): ReturnType<RedisConnection['duplicate']> {
  const other = client.duplicate()
  // What goes wrong with it is heard where it is asked; without a listener it would end the process.
  callIfThere(other, 'on', 'error', () => undefined)
  // A client of ioredis connects by itself.
  if (!isIoRedis(other)) await callIfThere(other, 'connect')
  return {
    connection: connectionOf(other as RedisClient),
    close: () => void callIfThere(other, 'destroy' in other ? 'destroy' : 'disconnect'),
  }
}

function callIfThere(target: object, name: string, ...args: readonly unknown[]): unknown {
  const member: unknown = Reflect.get(target, name)
  return typeof member === 'function' ? (Reflect.apply(member, target, args) as unknown) : undefined
}
