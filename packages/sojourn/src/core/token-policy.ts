import { choice, type Options } from './option.ts'

export interface TokenPolicy {
  /** How ids and secrets are written: 22 and 43 characters of base64url, or 52 and 52 of base32hex (5 bits a character). */
  readonly tokenCodec: 'base64url' | 'base32hex'
}

export const tokenOptions = {
  tokenCodec: choice(
    ['base64url', 'base32hex'],
    'base64url',
    'The alphabet of ids and secrets; a secret has 256 bits in both.',
  ),
} satisfies Options<TokenPolicy>
