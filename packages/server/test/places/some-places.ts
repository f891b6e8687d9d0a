import { mmdb, type MmdbInput } from './mmdb-writer.ts'

const germany = { iso_code: 'DE', names: { de: 'Deutschland', en: 'Germany' } }
const berlin = { city: { names: { de: 'Berlin', en: 'Berlin' } }, country: germany }

/** Addresses of the documentation's networks, and what a file says of them. */
export const someNetworks: MmdbInput['networks'] = [
  ['203.0.113.0/24', { country: germany, registered_country: { iso_code: 'US' } }],
  // Narrower than the one before, in it.
  ['203.0.113.64/26', berlin],
  ['203.0.113.200/32', { country: { iso_code: 'FR' } }],
  ['2001:db8::/32', { country: { iso_code: 'JP' } }],
  ['2001:db8:5::/48', { country: { iso_code: 'JP' }, city: { names: { en: 'Osaka', ja: '大阪市' } } }],
  // Where the provider is registered is not where the address is.
  ['198.51.100.0/24', { registered_country: { iso_code: 'US' } }],
  // A careless file says something of a private network too.
  ['10.0.0.0/8', { country: { iso_code: 'US' } }],
  ['192.0.2.0/24', { country: { iso_code: 'ZZ' }, city: { names: { fr: 'Nulle part' } } }],
]

export const somePlaces = (over: Partial<MmdbInput> = {}): Buffer => mmdb({ networks: someNetworks, ...over })

export const jp = { country: 'JP', city: null, local: false }
export const osaka = { country: 'JP', city: 'Osaka', local: false }
export const inGermany = { country: 'DE', city: null, local: false }
export const inBerlin = { country: 'DE', city: 'Berlin', local: false }
export const inFrance = { country: 'FR', city: null, local: false }
export const here = { country: null, city: null, local: true }
