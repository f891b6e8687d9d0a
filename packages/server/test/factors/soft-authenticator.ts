import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

type Cbor = number | string | Uint8Array | ReadonlyMap<number | string, Cbor>

/** What a test lets an authenticator or its browser get wrong. */
export interface Lies {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly counter?: number
  readonly isVerified?: boolean
  readonly isPresent?: boolean
  readonly userHandle?: string | undefined
  readonly id?: string
  /** Signs with a key of its own. */
  readonly key?: KeyObject
}

export interface Options {
  readonly challenge: string
  readonly user?: { readonly id: string }
  readonly allowCredentials?: readonly { readonly id: string }[]
  readonly excludeCredentials?: readonly { readonly id: string }[]
  readonly userVerification?: string
  readonly rp?: { readonly id?: string }
  readonly rpId?: string
}

/** An authenticator with one ES256 credential, as a browser of `origin` speaks for it; it says what it is told to. */
export class SoftAuthenticator {
  readonly id = randomBytes(32).toString('base64url')
  readonly #origin: string
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #isSynced: boolean
  #counter = 0
  #userHandle: string | undefined

  constructor(origin: string, { isSynced = false }: { readonly isSynced?: boolean } = {}) {
    this.#origin = origin
    this.#isSynced = isSynced
  }

  /** The answer to `navigator.credentials.create`, as JSON. */
  create(options: Options, lies: Lies = {}): string {
    this.#userHandle = options.user?.id
    const credential = Buffer.from(lies.id ?? this.id, 'base64url')
    const jwk = this.#keys.publicKey.export({ format: 'jwk' })
    const key = cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(jwk.x ?? '', 'base64url')],
        [-3, Buffer.from(jwk.y ?? '', 'base64url')],
      ]),
    )
    const length = Buffer.alloc(2)
    length.writeUInt16BE(credential.length)
    const authData = Buffer.concat([this.#data(lies, 0x40), Buffer.alloc(16), length, credential, key])
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ])
    return this.#json(lies, {
      clientDataJSON: this.#clientData('webauthn.create', options, lies),
      attestationObject: cbor(attestation).toString('base64url'),
      transports: ['internal'],
    })
  }

  /** The answer to `navigator.credentials.get`, as JSON. */
  get(options: Options, lies: Lies = {}): string {
    const clientDataJSON = this.#clientData('webauthn.get', options, lies)
    const authenticatorData = this.#data(lies, 0)
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()
    const signature = sign(
      'sha256',
      Buffer.concat([authenticatorData, hash]),
      lies.key ?? this.#keys.privateKey,
    )
    const userHandle = 'userHandle' in lies ? lies.userHandle : this.#userHandle
    return this.#json(lies, {
      clientDataJSON,
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      ...(userHandle === undefined ? {} : { userHandle }),
    })
  }

  #json(lies: Lies, response: object): string {
    const id = lies.id ?? this.id
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response })
  }

  #clientData(type: string, { challenge }: Options, lies: Lies): string {
    const data = { type, challenge, origin: this.#origin, crossOrigin: false, ...pick(lies) }
    return Buffer.from(JSON.stringify(data)).toString('base64url')
  }

  #data(
    { rpId, isPresent = true, isVerified = true, counter = ++this.#counter }: Lies,
    more: number,
  ): Buffer {
    const flags = (isPresent ? 1 : 0) | (isVerified ? 4 : 0) | (this.#isSynced ? 0x18 : 0) | more
    const rest = Buffer.alloc(5)
    rest.writeUInt8(flags)
    rest.writeUInt32BE(counter, 1)
    const host = rpId ?? new URL(this.#origin).hostname
    return Buffer.concat([createHash('sha256').update(host).digest(), rest])
  }
}

function pick({ origin, challenge, type }: Lies): object {
  return { ...(origin && { origin }), ...(challenge && { challenge }), ...(type && { type }) }
}

/** RFC 8949, as much as an authenticator says. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, one]) => [cbor(key), cbor(one)])])
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255])
}
