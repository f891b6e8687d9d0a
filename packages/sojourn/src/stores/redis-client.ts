import { invalidOption } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'

/** node-redis: `createClient()`. */
export interface NodeRedisClient {
  sendCommand(args: string[]): Promise<unknown>
  readonly isReady: boolean
  readonly isOpen: boolean
  duplicate(): object
}

/** node-redis: `createCluster()`. */
export interface NodeRedisCluster {
  sendCommand(firstKey: string | undefined, isReadonly: boolean | undefined, args: string[]): Promise<unknown>
  readonly slots: readonly { readonly master: object }[]
  readonly masters: readonly unknown[]
  readonly isOpen: boolean
  duplicate(): object
}

/**
 * ioredis: `new Redis()` and `new Cluster()`. Neither may send a command again that may have been carried out: an `add` would
 * count twice, and a login that succeeded be refused as a duplicate. That is `autoResendUnfulfilledCommands: false` for the one,
 * `retryDelayOnFailover: 0` for the other.
 */
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

/** What a store does with any client. */
export interface RedisConnection {
  /** Whether it is known that nothing can be asked just now. */
  readonly isDown: boolean
  /** Whether it was closed for good. */
  readonly isClosed: boolean
  /** Asks the server that holds the key. */
  ask(key: string, command: string, ...args: string[]): Promise<unknown>
  /** How many replicas have, within so many milliseconds, what this connection wrote there. Nothing else is answered meanwhile. */
  wait(key: string, replication: Replication): Promise<number>
  /** Another connection of the same settings, for what blocks. */
  duplicate(): Duplicate
}

/** It can be closed before it stands: a client looks for a server that is down without end. */
export interface Duplicate {
  readonly connection: RedisConnection
  readonly opened: Promise<unknown>
  readonly close: () => void
}

export function connectionOf(client: RedisClient): RedisConnection {
  if (isIoRedis(client)) return ioRedis(client)
  if (isNodeCluster(client)) return nodeCluster(client)
  if (isNodeRedis(client)) return nodeRedis(client)
  throw invalidOption('client', 'a client or a cluster of node-redis or ioredis', client)
}

function ioRedis(client: IoRedisClient): RedisConnection {
  refuseResending(client)
  return {
    get isDown() {
      return ['reconnecting', 'close', 'end'].includes(client.status)
    },
    get isClosed() {
      return client.status === 'end'
    },
    ask: (_key, command, ...args) => client.call(command, ...args),
    async wait(key, replication) {
      // In a cluster the command before it takes it to the right node.
      const commands = [['EXISTS', key], waitOf(replication)].map((one) => ['call', ...one])
      const [, [failure, replicas] = [null, 0]] = (await client.pipeline(commands).exec()) ?? []
      if (failure !== null) throw failure
      return Number(replicas)
    },
    duplicate: () => duplicateOf(client),
  }
}

function refuseResending(client: IoRedisClient): void {
  const options: unknown = Reflect.get(client, 'options')
  if (typeof options !== 'object' || options === null) return
  const isCluster = Reflect.get(client, 'isCluster') === true
  const [name, safe] = isCluster ? ['retryDelayOnFailover', 0] : ['autoResendUnfulfilledCommands', false]
  const value: unknown = Reflect.get(options, name)
  if (value !== safe)
    throw invalidOption(`client.options.${name}`, `${safe}, so that no command is sent twice`, value)
}

function nodeRedis(client: NodeRedisClient): RedisConnection {
  return {
    get isDown() {
      return !client.isReady
    },
    get isClosed() {
      return !client.isOpen
    },
    ask: (_key, ...command) => client.sendCommand(command),
    wait: async (_key, replication) => Number(await client.sendCommand(waitOf(replication))),
    duplicate: () => duplicateOf(client),
  }
}

function nodeCluster(client: NodeRedisCluster): RedisConnection {
  const ask: RedisConnection['ask'] = (key, ...command) => client.sendCommand(key, false, command)
  let slot: Promise<number> | undefined
  return {
    isDown: false,
    get isClosed() {
      return !client.isOpen
    },
    ask,
    async wait(key, replication) {
      slot ??= ask(key, 'CLUSTER', 'KEYSLOT', key).then(Number)
      // The client would ask every shard: only the one that wrote knows of it.
      const master = client.slots[await slot]?.master
      const node = master !== undefined && 'client' in master ? master.client : undefined
      if (typeof node !== 'object' || node === null || !isNodeRedis(node))
        throw new Error('the cluster has no master for the slot of this store')
      return Number(await node.sendCommand(waitOf(replication)))
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

function duplicateOf(client: RedisClient): Duplicate {
  const other = client.duplicate()
  // What goes wrong with it is heard where it is asked; without a listener it would end the process.
  callIfThere(other, 'on', 'error', () => undefined)
  return {
    connection: connectionOf(other as RedisClient),
    // A client of ioredis connects by itself.
    opened: Promise.resolve(isIoRedis(other) ? undefined : callIfThere(other, 'connect')),
    close: () => void callIfThere(other, 'destroy' in other ? 'destroy' : 'disconnect'),
  }
}

function callIfThere(target: object, name: string, ...args: readonly unknown[]): unknown {
  const member: unknown = Reflect.get(target, name)
  return typeof member === 'function' ? (Reflect.apply(member, target, args) as unknown) : undefined
}
