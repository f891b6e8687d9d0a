/** What argon2id costs: kibibytes of memory, passes over it, lanes at once. */
export interface Argon2Cost {
  readonly memory: number
  readonly passes: number
  readonly lanes: number
}

export interface Argon2Hash {
  readonly cost: Argon2Cost
  readonly salt: Uint8Array
  readonly tag: Uint8Array
}

const shape =
  /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{11,86})$/

/** The text that a hash is kept as: PHC string format, the same bytes as every other implementation of argon2 writes. */
export function writePhc({ cost: { memory, passes, lanes }, salt, tag }: Argon2Hash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`
}

/** `undefined` where the text is not such a hash. */
export function readPhc(text: string): Argon2Hash | undefined {
  const [, memory, passes, lanes, salt, tag] = shape.exec(text) ?? []
  if (salt === undefined || tag === undefined) return undefined
  return {
    cost: { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
