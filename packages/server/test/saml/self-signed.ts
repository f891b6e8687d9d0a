import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'

export interface SigningKey {
  readonly private: KeyObject
  /** Base64 of DER. */
  readonly certificate: string
}

/** A key and a certificate that it has signed for itself, as identity providers have them. */
export function selfSigned(kind: 'rsa' | 'ec' = 'rsa', bits = 2_048): SigningKey {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const oid = kind === 'rsa' ? '06092a864886f70d01010b0500' : '06082a8648ce3d040302'
  const algorithm = der(0x30, Buffer.from(oid, 'hex'))
  const name = der(
    0x30,
    der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('idp.example')))),
  )
  const validity = der(0x30, time('250101000000Z'), time('450101000000Z'))
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = createSign('sha256').update(body).sign(privateKey)
  const certificate = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature))
  return { private: privateKey, certificate: certificate.toString('base64') }
}

function time(text: string): Buffer {
  return der(0x17, Buffer.from(text))
}

/** One element of X.690: tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}
