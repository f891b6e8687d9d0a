import { invalidOption } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import { systemTimer } from './timer.ts'
import type { Timer } from './timer.ts'

export interface RedisOptions {
  /**
   * What all keys of the store begin with, in braces: `{sojourn}:`. It is also what a cluster chooses the slot by, so that one
   * store is on one master; several stores, a realm or a group of realms each, are on several.
   */
  readonly tag?: string
  /** How long a verb waits for Redis before it says `store_unavailable`, in milliseconds. */
  readonly patience?: Millis
  /**
   * What creates, upgrades, restores or ends sessions, or sets a watermark, is answered once as many replicas have it, else
   * refused as `store_unavailable`, after up to twice `millis`. Without it a failover may lose the last moments before it. It
   * takes a connection of its own, which `close` of the store closes.
   */
  readonly wait?: { readonly replicas: number; readonly millis: Millis }
  /** A test hands in its own. */
  readonly timer?: Timer
}

export type ReadOptions = Required<Omit<RedisOptions, 'wait'>> & Pick<RedisOptions, 'wait'>

export function readRedisOptions(options: RedisOptions): ReadOptions {
  const { tag = 'sojourn', patience = 2_000, wait, timer = systemTimer } = options
  if (typeof tag !== 'string' || !/^[^{}\s]{1,100}$/.test(tag))
    throw invalidOption('tag', 'a name of 1 to 100 characters without braces or blanks', tag)
  if (!isWhole(patience, 1))
    throw invalidOption('patience', 'a whole number of milliseconds, at least 1', patience)
  if (wait !== undefined) {
    if (!isWhole(wait.replicas, 1))
      throw invalidOption('wait.replicas', 'a whole number, at least 1', wait.replicas)
    // Redis takes 0 for: for ever.
    if (!isWhole(wait.millis, 1))
      throw invalidOption('wait.millis', 'a whole number of milliseconds, at least 1', wait.millis)
    if (wait.millis * 3 > patience)
      throw invalidOption('wait.millis', `at most a third of the patience, ${patience}`, wait.millis)
  }
  return { tag, patience, timer, ...(wait === undefined ? {} : { wait }) }
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least
}
