import type { Clock } from 'sojourn'
import type { FoundPlace, Geo } from './geo.ts'
import { countryOf, type Place } from './place.ts'

type Lookup = Extract<Geo, { readonly kind: 'lookup' }>

/** How many addresses a look-up is asked for at once. */
const atOnce = 16
const longestCity = 100

export interface Asking {
  readonly clock: Pick<Clock, 'after'>
  /** Hears of each place that was told, `null` where the look-up does not know it. */
  readonly told: (address: string, place: Place | null) => void
  /** Hears of each failure. */
  readonly failed: (error: unknown) => void
}

/**
 * Asks a look-up for several addresses. Resolves when all are told, and at the look-up's timeout at the latest: what has not
 * been told by then was not told. Never rejects.
 */
export async function askLookup(
  { find, timeout }: Lookup,
  addresses: readonly string[],
  { clock, told, failed }: Asking,
): Promise<void> {
  const late = new AbortController()
  const isLate = Promise.withResolvers<void>()
  const callOff = clock.after(timeout, () => {
    late.abort()
    failed(new Error(`a look-up took longer than ${timeout} ms`))
    isLate.resolve()
  })
  const waiting = [...addresses]
  const work = async (): Promise<void> => {
    for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
      if (late.signal.aborted) return
      try {
        const place = placeOf(await find(address, late.signal))
        if (!late.signal.aborted) told(address, place)
      } catch (error) {
        if (!late.signal.aborted) failed(error)
      }
    }
  }
  const all = Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work))
  await Promise.race([all, isLate.promise])
  callOff()
}

/** What the operator's own code says is looked at like anything from outside. */
function placeOf(found: FoundPlace | undefined): Place | null {
  const { country: written = null, city: named = null } = found ?? {}
  const country = countryOf(written)
  const text: unknown = named
  const city = typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, longestCity) : null
  return country === null && city === null ? null : { country, city, local: false }
}
