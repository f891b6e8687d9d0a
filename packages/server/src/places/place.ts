/**
 * Where an address is, as a source that the operator has chosen says. What is not known is `null`: nothing is guessed from
 * what is near, or from where a provider is registered.
 */
export interface Place {
  /** ISO 3166-1, two capitals. */
  readonly country: string | null
  /** Its English name. */
  readonly city: string | null
  /** Of this machine or its network: an address that stands in no country. */
  readonly local: boolean
}

export const localPlace: Place = { country: null, city: null, local: true }

/** Where places are known from, as far as it says so itself. */
export interface PlacesAbout {
  /** What the file calls itself, or how the operator names a look-up. */
  readonly source: string
  /** What the file says of itself. */
  readonly description?: string | undefined
  /** When the file was built, in epoch milliseconds. */
  readonly builtAt?: number | undefined
}

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** What ISO keeps for nobody, and what is no country. */
const none: ReadonlySet<string> = new Set(['ZZ', 'EU', 'UN', 'EZ', 'XA', 'XB', 'QO'])

/** A country by its two letters, as capitals; `null` for what is none. */
export function countryOf(text: unknown): string | null {
  if (typeof text !== 'string' || !/^[A-Za-z]{2}$/.test(text)) return null
  const code = text.toUpperCase()
  return none.has(code) || names.of(code) === undefined ? null : code
}

/** `Berlin, Germany`; `Local network`; `Unknown`. */
export function placeWords(place: Place | null): string {
  if (place === null) return 'Unknown'
  if (place.local) return 'Local network'
  const country = place.country === null ? undefined : (names.of(place.country) ?? place.country)
  return [place.city, country].filter((one) => typeof one === 'string').join(', ') || 'Unknown'
}
