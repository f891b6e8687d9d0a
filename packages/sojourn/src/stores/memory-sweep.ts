import { covers } from '../core/over.ts'
import type { Data, Instant, Session } from '../core/session.ts'
import type { End, Found } from '../core/store.ts'
import type { MemoryRow } from './memory-row.ts'
import type { MemoryTable } from './memory-table.ts'
import type { StandingWatermark } from './memory-watermarks.ts'
import type { RealmHeaps } from './realm-heaps.ts'
import { hasDetails, overSince } from './retention.ts'
import type { SweepingTable, SweptOnly } from './sweep.ts'
import type { Standing } from './standing.ts'

const noData: Data = Object.freeze(Object.create(null) as Data)

/** The rows of a memory store as a sweep sees them. */
export class MemorySweep implements SweepingTable<StandingWatermark> {
  readonly #table: MemoryTable

  constructor(table: MemoryTable) {
    this.#table = table
  }

  below(ids: readonly string[]): readonly Standing[] {
    return this.#table.below(ids)
  }

  end(standing: Standing, end: End): Session {
    return this.#table.end(standing, end)
  }

  forget(session: Session): Session {
    return this.#table.forget(session)
  }

  ofSubject(realm: string, subject: string): readonly Standing[] {
    return this.#table.ofSubject(realm, subject)
  }

  forgetDead(now: Instant, limit: number, only: SweptOnly): number {
    const until = ({ session }: Found): Instant | null =>
      session.endedAt === null ? null : session.rememberedUntil
    const dead = this.#before(now, limit, only, until, this.#table.remembered)
    for (const { session } of dead) this.forget(session)
    return dead.length
  }

  purge(before: Instant, limit: number, only: SweptOnly): number {
    const past = this.#before(before, limit, only, overSince, this.#table.bare, this.#table.detailed)
    for (const { session } of past) this.#table.remove(session.id)
    return past.length
  }

  minimise(before: Instant, limit: number, only: SweptOnly): number {
    const since = (found: Found): Instant | null => (hasDetails(found) ? overSince(found) : null)
    const past = this.#before(before, limit, only, since, this.#table.detailed)
    for (const found of past) {
      const session = Object.freeze({ ...found.session, ip: null, userAgent: null, fingerprint: null })
      this.#table.replace({ ...found, session, data: noData })
    }
    return past.length
  }

  due(now: Instant, limit: number, realm: string | undefined): readonly Standing[] {
    return this.#take(this.#table.due, now, limit, realm)
  }

  postpone({ session }: Standing): void {
    const row = this.#table.rows.get(session.id)
    if (row !== undefined) this.#table.postpone(row)
  }

  unswept(realm: string | undefined): StandingWatermark | undefined {
    return this.#table.watermarks.unswept(realm)
  }

  nextUnder({ scope, watermark, swept }: StandingWatermark, limit: number): readonly Standing[] {
    const place = swept ?? { createdAt: watermark.at, id: '' }
    return this.#first(this.#table.candidates(scope, place), limit, () => true)
  }

  noteSwept(watermark: StandingWatermark, last: Session | undefined): void {
    this.#table.watermarks.noteSwept(watermark, last)
  }

  retiring(before: Instant, limit: number, realm: string | undefined): readonly StandingWatermark[] {
    return this.#table.watermarks.retiring(before, limit, realm)
  }

  forgetUnder({ scope, watermark }: StandingWatermark, limit: number): number {
    const under = this.#first(this.#table.candidates(scope), limit, ({ session }) => {
      const { endedAt, rememberedUntil } = session
      return endedAt !== null && rememberedUntil !== null && covers(scope, watermark, session)
    })
    for (const { session } of under) this.forget(session)
    return under.length
  }

  drop(watermark: StandingWatermark): void {
    this.#table.watermarks.drop(watermark)
  }

  /** Records whose moment has come, of one subject or from heaps. Those from heaps are in none until they change. */
  #before(
    moment: Instant,
    limit: number,
    { realm, subject }: SweptOnly,
    momentOf: (found: Found) => Instant | null,
    ...all: readonly RealmHeaps[]
  ): readonly Found[] {
    if (realm === undefined || subject === undefined) {
      const taken: Found[] = []
      for (const heaps of all) taken.push(...this.#take(heaps, moment, limit - taken.length, realm))
      return taken
    }
    const rows = this.#table.candidates({ realm, subject })
    return this.#first(rows, limit, (found) => (momentOf(found) ?? Infinity) < moment)
  }

  #take(heaps: RealmHeaps, before: Instant, limit: number, realm: string | undefined): readonly Found[] {
    const taken: Found[] = []
    while (taken.length < limit) {
      const row = heaps.first(realm)
      if (row === undefined || row.moment >= before) break
      const found = this.#table.found(row.found.session.id)
      if (found === undefined) break
      row.heap?.remove(row)
      row.heap = undefined
      taken.push(found)
    }
    return taken
  }

  #first(rows: Iterable<MemoryRow>, limit: number, is: (found: Found) => boolean): readonly Found[] {
    const first: Found[] = []
    for (const row of rows) {
      if (first.length === limit) break
      const found = this.#table.found(row.found.session.id)
      if (found !== undefined && is(found)) first.push(found)
    }
    return first
  }
}
