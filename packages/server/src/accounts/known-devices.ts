import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { emailKey } from './account.ts'

/** One browser may be several people's. Whoever signed in longest ago is forgotten first. */
const mostAccounts = 4

const shape = /^([\w-]{22})((?:\.[\w-]{22}){1,4})$/

/**
 * Tells by a cookie's value on which devices an account was signed in to before. It opens nothing: it says which counter of
 * failures its bearer is judged by. `<device>.<proof>…`, a proof for each account; without the install's secret nobody can
 * make one, and a proof for one account is none for another. Nothing is stored.
 */
export class KnownDevices {
  readonly #keys: readonly Uint8Array[]

  /** The current secret, then the previous. */
  constructor(secrets: readonly string[]) {
    this.#keys = secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, '', 'known device', 32)))
  }

  /** The device's id, where the account was signed in to on it; else `undefined`. */
  deviceOf(value: string | undefined, email: string): string | undefined {
    const { device, proofs } = read(value) ?? {}
    if (device === undefined || proofs === undefined) return undefined
    return this.#knows(device, proofs, email) ? device : undefined
  }

  /** The value that says that the account was signed in to here, beside those that it said so of before. */
  remember(value: string | undefined, email: string): string {
    const { device, proofs } = read(value) ?? { device: randomBytes(16).toString('base64url'), proofs: [] }
    const others = proofs.filter((proof) => !this.#knows(device, [proof], email))
    return [device, this.#prove(device, email), ...others].slice(0, 1 + mostAccounts).join('.')
  }

  #knows(device: string, proofs: readonly string[], email: string): boolean {
    return this.#keys.some((key) => {
      const proof = Buffer.from(prove(key, device, email))
      return proofs.some((one) => timingSafeEqual(Buffer.from(one), proof))
    })
  }

  #prove(device: string, email: string): string {
    const [key] = this.#keys
    if (key === undefined) throw new Error('known devices: expected a secret')
    return prove(key, device, email)
  }
}

/** 128 bits over a part of fixed length and one at the end. */
function prove(key: Uint8Array, device: string, email: string): string {
  return createHmac('sha256', key).update(device).update(emailKey(email)).digest('base64url').slice(0, 22)
}

function read(value: string | undefined) {
  const [, device, proofs] = shape.exec(value ?? '') ?? []
  return device === undefined || proofs === undefined
    ? undefined
    : { device, proofs: proofs.slice(1).split('.') }
}
