import type { PlacesAbout } from '../places/place.ts'
import type { PlaceOf } from '../places/places.ts'
import { html, type Html } from './html.ts'
import { dayOf } from './moment.ts'

/** What a page that shows places is given. */
export interface PlacesShown {
  /** Absent: the page shows none. */
  readonly placeOf?: PlaceOf | undefined
  /** Where places are known from; `undefined`: from nowhere. */
  readonly placesAbout?: PlacesAbout | undefined
}

/** What makers of such files ask of whoever shows places by them. */
const credits: readonly (readonly [calls: RegExp, words: Html])[] = [
  [
    /^GeoLite2/,
    html`This product includes GeoLite2 data created by MaxMind, available from
      <a href="https://www.maxmind.com" rel="noreferrer">https://www.maxmind.com</a>.`,
  ],
  [/^DBIP/, html`<a href="https://db-ip.com" rel="noreferrer">IP Geolocation by DB-IP</a>.`],
]

/** Whose data the places on a page are, how old they are, and that they are no more than a hint. */
export function placesNote({ placeOf, placesAbout }: PlacesShown): Html | false {
  if (placeOf === undefined || placesAbout === undefined) return false
  const { source, description, builtAt } = placesAbout
  const credit = credits.find(([calls]) => calls.test(source))?.[1]
  return html`<p class="hint">
    Places are a hint, as an address has them, by
    ${source}${description !== undefined && ` (${description})`}${builtAt !== undefined && html`, built ${dayOf(builtAt)}`}.
    ${credit}
  </p>`
}
