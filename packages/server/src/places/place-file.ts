import { Reader } from 'mmdb-lib'
import { looseObject, nullish, record, safeParse, string } from 'valibot'
import { countryOf, type Place, type PlacesAbout } from './place.ts'

/** A file of places that has been read whole. */
export interface PlaceFile {
  readonly about: PlacesAbout
  /** Of a plain address; `null`: the file does not know it. Throws where the file is broken there. */
  readonly find: (address: string) => Place | null
}

const found = looseObject({
  country: nullish(looseObject({ iso_code: nullish(string()) })),
  city: nullish(looseObject({ names: nullish(record(string(), string())) })),
})

/** What a lookup is tried with before a file is believed: both halves of the tree. */
const trials = ['1.1.1.1', '203.0.113.1', '2a00::1', '2600::1'] as const
const separator = 16

/** Reads a file in the MaxMind DB format. Throws where it is none, is cut off, or holds no countries. */
export function placeFile(bytes: Buffer): PlaceFile {
  const reader = new Reader(bytes)
  const { databaseType, description, buildEpoch, searchTreeSize, ipVersion } = reader.metadata
  if (typeof databaseType !== 'string' || !/country|city|location|enterprise/i.test(databaseType))
    throw new Error(`it holds no countries or cities: it calls itself ${JSON.stringify(databaseType)}`)
  if (searchTreeSize + separator >= bytes.length) throw new Error('it is cut off')
  const builtAt = buildEpoch.getTime()
  const text: unknown = description
  const words = safeParse(record(string(), string()), text)
  const about = {
    source: databaseType,
    description: words.success ? (words.output['en'] ?? Object.values(words.output)[0]) : undefined,
    builtAt: Number.isFinite(builtAt) ? builtAt : undefined,
  }
  const find = (address: string): Place | null => {
    // The tree of such a file knows no longer addresses.
    if (ipVersion === 4 && address.includes(':')) return null
    const read = safeParse(found, reader.get(address))
    if (!read.success) return null
    const country = countryOf(read.output.country?.iso_code)
    const city = read.output.city?.names?.['en'] ?? null
    return country === null && city === null ? null : { country, city, local: false }
  }
  for (const trial of trials) find(trial)
  return { about, find }
}
