import type { TokenPolicy } from '../core/token-policy.ts'

const hidden = '[secret]'

/**
 * What a client presents: `<id>.<secret>`. The id is public, the secret opens the session. A token redacts itself wherever
 * it is printed; `reveal()` is for the cookie or the client's keychain alone.
 */
export class Token {
  readonly id: string
  readonly #secret: string

  constructor(id: string, secret: string) {
    this.id = id
    this.#secret = secret
  }

  /** The whole credential. Whoever has it has the session. */
  reveal(): string {
    return `${this.id}.${this.#secret}`
  }

  secret(): string {
    return this.#secret
  }

  toString(): string {
    return `${this.id}.${hidden}`
  }

  toJSON(): string {
    return this.toString()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Token ${this.toString()}`
  }
}

interface Codec {
  readonly idBytes: number
  readonly shape: RegExp
  readonly encode: (bytes: Uint8Array) => string
}

/** Secrets have 256 bits in both alphabets. */
const secretBytes = 32

const codecs: { readonly [name in TokenPolicy['tokenCodec']]: Codec } = {
  base64url: {
    idBytes: 16,
    shape: /^[\w-]{22}\.[\w-]{43}$/,
    encode: (bytes) => Buffer.from(bytes).toString('base64url'),
  },
  base32hex: { idBytes: 32, shape: /^[0-9a-v]{52}\.[0-9a-v]{52}$/, encode: base32hex },
}

/** Where randomness comes from: `size` bytes, unpredictable. */
export type Random = (size: number) => Uint8Array

/** A new secret, under a new id or a given one. */
export function mintToken(random: Random, { tokenCodec }: TokenPolicy, id?: string): Token {
  const { idBytes, encode } = codecs[tokenCodec]
  return new Token(id ?? encode(random(idBytes)), encode(random(secretBytes)))
}

/** A token with another secret for the same session. */
export function tokenFrom(id: string, secret: Uint8Array, { tokenCodec }: TokenPolicy): Token {
  return new Token(id, codecs[tokenCodec].encode(secret))
}

/** The token of a text, or `undefined` where its length or alphabet is wrong. Nothing malformed reaches a store. */
export function parseToken(text: string, { tokenCodec }: TokenPolicy): Token | undefined {
  if (!codecs[tokenCodec].shape.test(text)) return undefined
  const dot = text.indexOf('.')
  return new Token(text.slice(0, dot), text.slice(dot + 1))
}

/** RFC 4648 section 7 in lower case, five bits a character, without padding. */
function base32hex(bytes: Uint8Array): string {
  const alphabet = '0123456789abcdefghijklmnopqrstuv'
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(held >> bits) & 31]
    }
  }
  return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31]
}
