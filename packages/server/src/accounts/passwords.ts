import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { inSpan } from '../telemetry/in-span.ts'
import { Gate } from './gate.ts'
import { type Argon2Cost, readPhc, writePhc } from './phc.ts'

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane; about 25 ms. */
export const defaultCost: Argon2Cost = { memory: 19_456, passes: 2, lanes: 1 }

/** NIST SP 800-63B-4 3.1.1.2: at least 8 characters, no rule of composition; more than 1 kB is nobody's password. */
export const passwordLimits = { leastCharacters: 8, mostBytes: 1_024 } as const

export interface PasswordsOptions {
  readonly cost?: Argon2Cost
  /** How many are hashed at once; as many as there are cores if left out. */
  readonly atOnce?: number
  /** How many may wait for that, an eighth of them for one party; the next is turned away with `Busy`. */
  readonly waiting?: number
}

export interface Verdict {
  readonly matches: boolean
  /** Set where the password matches a hash of another cost: keep it hashed again. */
  readonly isStale: boolean
}

/** Hashes passwords on the thread pool, a few at a time, so that logins cannot take the machine from everybody else. */
export class Passwords {
  readonly #cost: Argon2Cost
  readonly #gate: Gate

  constructor({ cost = defaultCost, atOnce = availableParallelism(), waiting = 64 }: PasswordsOptions = {}) {
    this.#cost = cost
    this.#gate = new Gate(atOnce, waiting)
  }

  /** How many are hashed and wait now, and how many were turned away so far. */
  get load(): Gate['load'] {
    return this.#gate.load
  }

  /** The hash to keep, a PHC string. `party`: on whose behalf, so that no party fills all the places to wait. */
  async hash(password: string, party = ''): Promise<string> {
    const salt = randomBytes(16)
    const tag = await this.#derive(party, password, salt, this.#cost, 32)
    return writePhc({ cost: this.#cost, salt, tag })
  }

  /**
   * Whether a password opens an account. Does the same work where there is no account (`null`) or the hash is damaged, so
   * that time does not tell who exists.
   */
  async verify(password: string, kept: string | null, party = ''): Promise<Verdict> {
    const known = kept === null ? undefined : readPhc(kept)
    const { cost, salt, tag } = known ?? { cost: this.#cost, salt: randomBytes(16), tag: randomBytes(32) }
    const derived = await this.#derive(party, password, salt, cost, tag.length)
    const matches = timingSafeEqual(derived, tag) && known !== undefined
    return { matches, isStale: matches && JSON.stringify(cost) !== JSON.stringify(this.#cost) }
  }

  #derive(
    party: string,
    password: string,
    nonce: Uint8Array,
    cost: Argon2Cost,
    tagLength: number,
  ): Promise<Uint8Array> {
    // NFC, so that a letter with its accent is the same from every keyboard. What is cut was too long to be accepted and
    // stays too long, so that it matches nothing.
    const message = password.normalize('NFC').slice(0, passwordLimits.mostBytes + 1)
    const { memory, passes, lanes: parallelism } = cost
    return inSpan('sojourn.password.hash', {}, () =>
      this.#gate.run(party, () =>
        argon2id('argon2id', { message, nonce, memory, passes, parallelism, tagLength }),
      ),
    )
  }
}

/** What is wrong with a new password, or `undefined`. */
export function passwordFault(password: string): 'too_short' | 'too_long' | undefined {
  if (Array.from(password).length < passwordLimits.leastCharacters) return 'too_short'
  return Buffer.byteLength(password.normalize('NFC')) > passwordLimits.mostBytes ? 'too_long' : undefined
}

const argon2id = promisify(argon2)
