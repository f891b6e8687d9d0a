import { X509Certificate } from 'node:crypto'

/** The certificates in a text: PEM blocks, or base64 of DER, one a line. Given back as base64 of DER. */
export function certificatesIn(text: string): readonly string[] {
  const unfolded = text.replace(
    /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g,
    (_, body: string) => `\n${body.replace(/\s+/g, '')}\n`,
  )
  return unfolded
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

const leastBits = 2_048

/** What is wrong with a certificate, as a sentence, or `undefined`. When it expires is not asked: it is trusted as a key, by who entered it. */
export function certificateFault(base64: string): string | undefined {
  const certificate = /^[\w+/]+={0,2}$/.test(base64) ? parsed(base64) : undefined
  if (certificate === undefined) return 'Expected an X.509 certificate, as PEM or as base64.'
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= leastBits) return undefined
  return `Expected a certificate with an RSA key of ${leastBits} bits or more.`
}

export function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function parsed(base64: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}
