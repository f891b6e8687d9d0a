import { SessionError } from '../core/errors.ts'
import type { RedisConnection } from './redis-client.ts'
import { unavailable } from './redis-errors.ts'
import type { ReadOptions } from './redis-options.ts'
import { scripts } from './redis-scripts.ts'
import type { Script, Verb } from './redis-scripts.ts'
import { RedisReplication } from './redis-replication.ts'

/** The layout that this release writes. A store with another one is refused. */
const layout = '1'

/** What a failover must not take back, where `wait` is given. */
const awaited: ReadonlySet<Verb> = new Set(['create', 'upgrade', 'restore', 'end', 'voidBefore'])

/** Runs verbs as scripts: one step and one round trip each, but for the first. */
export class RedisSteps {
  readonly #connection: RedisConnection
  readonly #options: ReadOptions
  readonly #replication: RedisReplication | undefined
  /** What all keys begin with. */
  readonly prefix: string
  /** The look at the server that comes before the first verb; again after one that failed. */
  #opening: Promise<void> | undefined
  #wasUp = false

  constructor(connection: RedisConnection, options: ReadOptions) {
    this.#connection = connection
    this.#options = options
    this.prefix = `{${options.tag}}:`
    const { wait } = options
    this.#replication = wait === undefined ? undefined : new RedisReplication(connection, this.prefix, wait)
  }

  /** What a verb's script answers; `texts` go to it as they are. */
  run(verb: Exclude<Verb, 'find'>, args: object, texts: readonly string[] = []): Promise<unknown> {
    return this.#ask(verb, [jsonOf(args), ...texts])
  }

  find(id: string): Promise<unknown> {
    return this.#ask('find', [id.toWellFormed()])
  }

  close(): void {
    this.#replication?.close()
  }

  #ask(verb: Verb, rest: readonly string[]): Promise<unknown> {
    if (this.#wasUp) return this.#answer(verb, rest)
    return this.#open().then(() => this.#answer(verb, rest))
  }

  #open(): Promise<void> {
    this.#opening ??= this.#answer('open', [jsonOf({ layout })])
      .then((facts) => {
        checkServer(facts as readonly [string, string, string])
        this.#wasUp = true
      })
      .finally(() => (this.#opening = undefined))
    return this.#opening
  }

  #send(verb: Verb, rest: readonly string[]): Promise<unknown> {
    // A client keeps what it cannot send; a request should not wait for that, nor what it asked be done much later.
    if (this.#wasUp && this.#connection.isDown) throw new Error('the connection is down')
    if (this.#replication === undefined || !awaited.has(verb))
      return runScript(this.#connection, scripts[verb], this.prefix, rest)
    return this.#replication.run((connection) => runScript(connection, scripts[verb], this.prefix, rest))
  }

  /** The answer, in time. Failures are `store_unavailable`. */
  #answer(verb: Verb, rest: readonly string[]): Promise<unknown> {
    const { patience, timer } = this.#options
    return new Promise((resolve, reject) => {
      const cancel = timer.after(patience, () => fail(new Error(`no answer within ${patience} ms`)))
      const take = (answer: unknown): void => {
        cancel()
        resolve(answer)
      }
      const fail = (error: unknown): void => {
        cancel()
        reject(unavailable(error))
      }
      try {
        this.#send(verb, rest).then(take, fail)
      } catch (error) {
        fail(error)
      }
    })
  }
}

function runScript(
  connection: RedisConnection,
  { digest, text }: Script,
  key: string,
  rest: readonly string[],
): Promise<unknown> {
  return connection.ask(key, 'EVALSHA', digest, '1', key, ...rest).catch((error: unknown) => {
    // Lost by a restart, a failover or SCRIPT FLUSH: this brings it back.
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return connection.ask(key, 'EVAL', text, '1', key, ...rest)
  })
}

/** JSON that Lua can read: it knows no half of a surrogate pair, which Redis could not store either. */
function jsonOf(args: object): string {
  const text = JSON.stringify(args)
  if (!text.includes('\\ud')) return text
  return JSON.stringify(args, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
}

function checkServer([found, memory, server]: readonly [string, string, string]): void {
  if (found !== layout) {
    throw new SessionError(
      'store_unavailable',
      `The sessions in Redis have layout ${found}, and this release knows ${layout}. Update sojourn, or choose another tag`,
    )
  }
  const version = /redis_version:(\d+)/.exec(server)?.[1]
  if (version !== undefined && Number(version) < 7)
    throw new SessionError('store_unavailable', `Redis 7 or Valkey is needed, and this is Redis ${version}`)
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1] ?? ''
  // Those of `volatile-*` evict only keys that expire by themselves, and the store has none.
  if (policy.startsWith('allkeys'))
    throw new SessionError(
      'store_unavailable',
      `Redis evicts keys (maxmemory-policy ${policy}): sessions, limits and revocations would vanish. Set maxmemory-policy noeviction`,
    )
}
