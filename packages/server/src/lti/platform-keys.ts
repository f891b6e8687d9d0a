import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import { array, looseObject, maxLength, pipe, safeParse, string } from 'valibot'
import type { Clock, Instant, Millis } from 'sojourn'
import { minute, second } from 'sojourn/core'
import { Distrust } from '../round-trips/distrust.ts'

/** How long fetched keys are believed, and how soon they are fetched again for a key that is not among them. */
export const keysLast: Millis = 10 * minute
export const keysCooldown: Millis = 30 * second

/** A platform that does not answer, or does not stop, holds nobody up for longer. */
const patience: Millis = 5 * second
const mostBytes = 262_144
/** Platforms whose keys are kept at once: they are named by administrators, so that there are few. */
const mostPlatforms = 1_000

const keySet = looseObject({
  keys: pipe(array(looseObject({ kty: pipe(string(), maxLength(20)) })), maxLength(100)),
})

interface Platform {
  /** The keys that came last, and when. */
  good: { readonly find: KeySet; readonly fetchedAt: Instant } | undefined
  /** When they were asked for last, whatever came of it. */
  askedAt: Instant | undefined
  /** Who waits for them now. */
  asking: Promise<KeySet> | undefined
}
type KeySet = ReturnType<typeof createLocalJWKSet>

/**
 * The public keys of platforms, by the addresses that administrators gave. They are fetched when they are needed first, when
 * they are older than `keysLast`, and when a token names a key that is not there: a platform may change its keys at any
 * moment. But for a strange key, and after a failure, no sooner than `keysCooldown` after the last time: nobody can make
 * this server ask with every request. Of many who wait for them one fetches.
 */
export class PlatformKeys {
  readonly #clock: Pick<Clock, 'now'>
  readonly #platforms = new Map<string, Platform>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Finds the key of a token, for `jwtVerify`. */
  of(address: string): JWTVerifyGetKey {
    return async (header, token) => {
      const platform = this.#at(address)
      const { good } = platform
      const isFresh = good !== undefined && this.#age(good.fetchedAt) <= keysLast
      const find = isFresh ? good.find : await this.#ask(platform, address)
      try {
        return await find(header, token)
      } catch (error) {
        const isStrange = error instanceof errors.JWKSNoMatchingKey
        if (!isStrange || !this.#mayAsk(platform)) throw error
        return (await this.#ask(platform, address))(header, token)
      }
    }
  }

  #at(address: string): Platform {
    const known = this.#platforms.get(address)
    if (known !== undefined) return known
    const [oldest] = this.#platforms.keys()
    if (this.#platforms.size >= mostPlatforms && oldest !== undefined) this.#platforms.delete(oldest)
    const platform = { good: undefined, askedAt: undefined, asking: undefined }
    this.#platforms.set(address, platform)
    return platform
  }

  #mayAsk({ askedAt, asking }: Platform): boolean {
    return asking !== undefined || askedAt === undefined || this.#age(askedAt) >= keysCooldown
  }

  /** What lies ahead was written before the clock was set back: it is as old as can be. */
  #age(at: Instant): Millis {
    const age = this.#clock.now() - at
    return age < 0 ? Number.POSITIVE_INFINITY : age
  }

  async #ask(platform: Platform, address: string): Promise<KeySet> {
    if (platform.asking !== undefined) return platform.asking
    const { good, askedAt } = platform
    // After a failure it is left alone for a while; after a success keys only grow old.
    const hasFailed = askedAt !== undefined && askedAt !== good?.fetchedAt
    if (hasFailed && this.#age(askedAt) < keysCooldown) throw unreachable('it did not answer a moment ago')
    const now = this.#clock.now()
    platform.askedAt = now
    platform.asking = fetchKeys(address)
    try {
      const find = await platform.asking
      platform.good = { find, fetchedAt: now }
      return find
    } finally {
      platform.asking = undefined
    }
  }
}

async function fetchKeys(address: string): Promise<ReturnType<typeof createLocalJWKSet>> {
  try {
    const answer = await fetch(address, {
      // An address that leads elsewhere is not the one that the administrator gave.
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(patience),
    })
    if (answer.status !== 200) throw new Error(`status ${answer.status}`)
    const read = safeParse(keySet, JSON.parse(await bounded(answer)))
    if (!read.success) throw new Error('no set of keys')
    return createLocalJWKSet(read.output)
  } catch (cause) {
    throw unreachable(cause)
  }
}

async function bounded(answer: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > mostBytes) throw new Error('more than a set of keys weighs')
  }
  return text
}

function unreachable(cause: unknown): Distrust {
  const distrust = new Distrust('keys_unreachable', {
    expected: 'the public keys of the platform at the address in the settings of the integration',
    came: 'no set of keys',
    advice:
      'Open it again in a moment. If it happens every time, ask an administrator to check that address.',
  })
  distrust.cause = cause
  return distrust
}
