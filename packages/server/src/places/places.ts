import type { Clock, Millis, Session } from 'sojourn'
import { hour, minute } from 'sojourn/core'
import { opened } from '../config/opened.ts'
import type { Logger } from '../logger.ts'
import { askLookup } from './ask-lookup.ts'
import type { Geo } from './geo.ts'
import { countryOf, localPlace, type Place, type PlacesAbout } from './place.ts'
import { isLocal, plainAddress } from './plain-address.ts'
import { Recent } from './recent.ts'
import { openFile, type WatchedFile } from './watched-file.ts'

/** Says where a session is; `null`: unknown. */
export type PlaceOf = (session: Pick<Session, 'ip'>) => Place | null

/** How often a file is looked at. */
export const filesLookedAt = minute
/** How long what a look-up has told is not asked again. */
const toldFor = hour
const mostRemembered = 10_000

interface Told {
  readonly place: Place | null
  readonly at: number
}

export interface PlacesOptions {
  /** The setting as it stands now. */
  readonly geo: () => Geo | undefined
  /** The file that it named at the start. */
  readonly file: WatchedFile | undefined
  readonly clock: Clock
  readonly log: Logger
}

export interface PlaceFileOptions {
  readonly clock: Clock
  readonly log: Logger
  /** How often the file is looked at; once a minute if left out. */
  readonly every?: Millis | undefined
}

/** Reads the file that a setting names, if it names one. Throws `invalid_option` where it does not read. */
export async function openPlaceFile(
  geo: Geo | undefined,
  { clock, log, every = filesLookedAt }: PlaceFileOptions,
): Promise<WatchedFile | undefined> {
  if (geo?.kind !== 'file') return undefined
  const open = () => openFile({ path: geo.path, every, clock, log })
  return opened('SOJOURN_GEO', 'an .mmdb file of countries or cities', open)
}

/**
 * Where addresses are. It is worked out whenever it is read, and written nowhere: what is remembered stands in this process
 * alone. A failure is logged once, and makes places unknown; it never reaches who asked.
 */
export class Places {
  readonly #options: PlacesOptions
  readonly #file: WatchedFile | undefined
  readonly #told = new Recent<Told>(mostRemembered)
  #hasFailed = false

  constructor(options: PlacesOptions) {
    this.#options = options
    this.#file = options.file
  }

  /** Where places are known from; `undefined`: from nowhere. */
  get about(): PlacesAbout | undefined {
    const setting = this.#options.geo()
    switch (setting?.kind) {
      case undefined:
        return undefined
      case 'file':
        return this.#file?.current.about
      case 'header':
        return { source: 'the proxy in front of this server' }
      case 'lookup':
        return { source: setting.source ?? 'a look-up of this site' }
    }
  }

  /**
   * The country of any address at once, `local` or `unknown`; `undefined`: there is no file, and other sources know some
   * addresses alone.
   */
  get countryNow(): ((ip: string | null) => string) | undefined {
    const file = this.#file
    if (file === undefined) return undefined
    return (ip) => {
      const place = this.#at(ip, (address) => this.#inFile(file, address))
      return place?.local === true ? 'local' : (place?.country ?? 'unknown')
    }
  }

  /** Where all of these are. Waits for a look-up no longer than its timeout, and never rejects. */
  async of(sessions: readonly Pick<Session, 'ip'>[]): Promise<PlaceOf> {
    const setting = this.#options.geo()
    if (setting?.kind === 'lookup') await this.#ask(setting, sessions)
    const file = this.#file
    return ({ ip }) =>
      this.#at(ip, (address) =>
        file ? this.#inFile(file, address) : (this.#told.get(address)?.place ?? null),
      )
  }

  /** What the outermost trusted proxy has said of the address of a request. */
  hear(ip: string, country: string | undefined): void {
    const address = plainAddress(ip)
    const code = countryOf(country)
    if (address === undefined) return
    const place = code === null ? null : { country: code, city: null, local: false }
    this.#told.set(address, { place, at: this.#options.clock.now() })
  }

  /** Begins to look whether the file was replaced. */
  start(): void {
    this.#file?.start()
  }

  async close(): Promise<void> {
    await this.#file?.stop()
  }

  #at(ip: string | null, find: (address: string) => Place | null): Place | null {
    const address = plainAddress(ip)
    if (address === undefined) return null
    return isLocal(address) ? localPlace : find(address)
  }

  #inFile(file: WatchedFile, address: string): Place | null {
    try {
      return file.current.find(address)
    } catch (error) {
      this.#failed(error)
      return null
    }
  }

  async #ask(setting: Extract<Geo, { readonly kind: 'lookup' }>, sessions: readonly Pick<Session, 'ip'>[]) {
    const { clock } = this.#options
    const now = clock.now()
    const fresh = (address: string): boolean => now - (this.#told.get(address)?.at ?? -toldFor) < toldFor
    const addresses = new Set<string>()
    for (const { ip } of sessions) {
      const address = plainAddress(ip)
      if (address !== undefined && !isLocal(address) && !fresh(address)) addresses.add(address)
    }
    if (addresses.size === 0) return
    await askLookup(setting, [...addresses], {
      clock,
      told: (address, place) => this.#told.set(address, { place, at: clock.now() }),
      failed: (error) => this.#failed(error),
    })
  }

  #failed(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#options.log.warn(
      { event: 'places.failed', err: error },
      'a place could not be looked up: it is unknown. Said once',
    )
  }
}
