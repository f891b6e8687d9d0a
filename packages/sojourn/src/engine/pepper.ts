import { hash, hkdfSync } from 'node:crypto'
import { SessionError } from '../core/errors.ts'
import type { Random } from './token.ts'

/**
 * The install's secret, made ready for hashing. `peppers[0]` hashes what is new; the other, if any, is still accepted
 * until the hashes that it made are rewritten on use. The name tells which pepper made a stored hash.
 */
export interface Pepper {
  readonly name: string
  /** 64 characters of fixed length, so that what follows it in a hash cannot be confused with it. */
  readonly key: string
  /** Made of no secret: whoever knows this code knows the key. */
  readonly isKeyless: boolean
}

const leastSecret = 32

/** One or two secrets of at least 32 characters: the current one, then the previous. None: plain hashes of 256-bit secrets. */
export function peppersOf(secret: string | readonly string[] | undefined): readonly [Pepper, ...Pepper[]] {
  const secrets = secret === undefined ? [''] : typeof secret === 'string' ? [secret] : secret
  const good = secrets.length >= 1 && secrets.length <= 2 && secrets.every((one) => typeof one === 'string')
  if (!good || (secret !== undefined && secrets.some((one) => one.length < leastSecret)))
    throw new SessionError(
      'invalid_option',
      `secret: expected a text of at least ${leastSecret} characters, or such a current and a previous one; the value is not shown`,
    )
  const [current = '', ...previous] = secrets
  return [pepperOf(current), ...previous.map(pepperOf)]
}

/** What a token's secret is stored as. The label keeps kinds of secrets apart, so that one cannot pass for another. */
export function hashSecret(pepper: Pepper, label: 'session' | 'refresh', secret: string): string {
  return `${pepper.name}.${digest(pepper, label, secret)}`
}

/** Whether a stored hash is that of a secret. `pepper`: the one that made it. */
export function isHashOf(
  pepper: Pepper,
  label: 'session' | 'refresh',
  secret: string,
  stored: string,
): boolean {
  return equalSecrets(digest(pepper, label, secret), stored.slice(pepper.name.length + 1))
}

function digest(pepper: Pepper, label: 'session' | 'refresh', secret: string): string {
  return hash('sha256', `${pepper.key}${label}/v1:${secret}`, 'base64url')
}

/** Whether a stored hash was made under this pepper. */
export function isUnder({ name }: Pepper, stored: string): boolean {
  return stored.startsWith(name)
}

/** The pepper that made a stored hash; `undefined` where it has been retired, which fails closed. */
export function pepperBehind(peppers: readonly Pepper[], stored: string): Pepper | undefined {
  for (const pepper of peppers) if (isUnder(pepper, stored)) return pepper
  return undefined
}

/** The secret that follows a presented one: whoever presents the same parent gets the same child, and only they. */
export function successorOf(pepper: Pepper, id: string, parent: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', parent, pepper.key, `successor/v1:${id}`, 32))
}

/**
 * What a presented refresh token makes random for its successors: the same bytes, in the same order, for whoever presents
 * the same token, and only for them.
 */
export function successorBytes(pepper: Pepper, id: string, parent: string): Random {
  let count = 0
  return (size) => new Uint8Array(hkdfSync('sha256', parent, pepper.key, `restore/v1:${id}:${count++}`, size))
}

/** A stable name for the cookie that differs between installs. */
export function installName(pepper: Pepper): string {
  return `s${hash('sha256', `${pepper.key}cookie-name/v1`, 'hex').slice(0, 12)}`
}

/** Compares texts of one length without telling by time where they differ. */
export function equalSecrets(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}

function pepperOf(secret: string): Pepper {
  const key = hash('sha256', `sojourn/pepper/v1:${secret}`, 'hex')
  const name = hash('sha256', `${key}name`, 'base64url').slice(0, 6)
  return { key, name, isKeyless: secret === '' }
}
