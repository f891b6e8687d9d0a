import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A key as its holder shows it: the id is public, the secret has 256 random bits. */
export interface PresentedKey {
  readonly id: string
  readonly text: string
}

/** What secret scanners look for; docs/api-keys.md tells it. */
const shape = /^sjk_([0-9a-f]{16})_[0-9a-f]{64}$/

/** Its parts, or `undefined` for whatever cannot be a key: then nothing is looked up. */
export function parseKey(presented: string): PresentedKey | undefined {
  const id = shape.exec(presented)?.[1]
  return id === undefined ? undefined : { id, text: presented }
}

export function newKeyId(): string {
  return randomBytes(8).toString('hex')
}

/** Another key of the same id. */
export function newKey(id: string): PresentedKey {
  return { id, text: `sjk_${id}_${randomBytes(32).toString('hex')}` }
}

/**
 * What is stored. One round of SHA-256: a slow hash is there for what people think up, which can be guessed; nobody guesses
 * 256 random bits, fast or slow, and a key is checked with every request. The id is hashed along, so that a hash that is moved to
 * another row opens nothing.
 */
export function hashKey({ text }: PresentedKey): string {
  return hash('sha256', `sojourn/api-key/v1\0${text}`, 'hex')
}

/** Compared in constant time. */
export function isHashOfKey(key: PresentedKey, stored: string): boolean {
  const [mine, theirs] = [Buffer.from(hashKey(key), 'hex'), Buffer.from(stored, 'hex')]
  return mine.length === theirs.length && timingSafeEqual(mine, theirs)
}
