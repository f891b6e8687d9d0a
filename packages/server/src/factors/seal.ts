import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export interface Opened {
  readonly text: string
  /** Whether it was sealed under the previous secret: seal it anew. */
  readonly isStale: boolean
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/**
 * Keeps texts secret at rest: AES-256-GCM under a key derived from the install's secret, with a nonce by chance. What was
 * sealed for one place (`context`: whose, and what for) opens at no other, so that rows cannot be swapped. What does not
 * open is `undefined`.
 */
export class Seal {
  readonly #keys: readonly Uint8Array[]

  /** `secrets`: the current one, then the previous. `purpose`: another one has other keys. */
  constructor(secrets: readonly string[], purpose: string) {
    this.#keys = secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32)))
  }

  seal(text: string, context: string): string {
    const [key] = this.#keys
    if (key === undefined) throw new Error('seal: expected a secret')
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(context))
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return sealed.toString('base64url')
  }

  open(sealed: string, context: string): Opened | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length < nonceBytes + tagBytes) return undefined
    for (const [index, key] of this.#keys.entries()) {
      const text = openBy(key, bytes, context)
      if (text !== undefined) return { text, isStale: index > 0 }
    }
    return undefined
  }
}

function openBy(key: Uint8Array, bytes: Buffer, context: string): string | undefined {
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-tagBytes))
  try {
    return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    // Another key, another place, or not ours: all the same to whoever asks.
    return undefined
  }
}
