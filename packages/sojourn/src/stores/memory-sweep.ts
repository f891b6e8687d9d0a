import { covers } from '../core/over.ts'
import type { Data, Instant, Session } from '../core/session.ts'
import type { End, Found, SweepOptions } from '../core/store.ts'
import type { MemoryRow } from './memory-row.ts'
import type { MemoryTable } from './memory-table.ts'
import type { StandingWatermark } from './memory-watermarks.ts'
import type { MomentHeap } from './moment-heap.ts'
import { hasDetails, overSince } from './retention.ts'
import type { SweepingTable } from './sweep.ts'
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

  forgetDead(now: Instant, limit: number, of: SweepOptions['of']): number {
    const until = ({ session }: Found): Instant | null =>
      session.endedAt === null ? null : session.rememberedUntil
    const dead = this.#before(now, limit, of, until, this.#table.remembered)
    for (const { session } of dead) this.forget(session)
    return dead.length
  }

  purge(before: Instant, limit: number, of: SweepOptions['of']): number {
    const past = this.#before(before, limit, of, overSince, this.#table.bare, this.#table.detailed)
    for (const { session } of past) this.#table.remove(session.id)
    return past.length
  }

  minimise(before: Instant, limit: number, of: SweepOptions['of']): number {
    const since = (found: Found): Instant | null => (hasDetails(found) ? overSince(found) : null)
    const past = this.#before(before, limit, of, since, this.#table.detailed)
    for (const found of past) {
      const session = Object.freeze({ ...found.session, ip: null, userAgent: null, fingerprint: null })
      this.#table.replace({ ...found, session, data: noData })
    }
    return past.length
  }

  due(now: Instant, limit: number): readonly Standing[] {
    return this.#take(this.#table.due, now, limit)
  }

  postpone({ session }: Standing): void {
    const row = this.#table.rows.get(session.id)
    if (row !== undefined) this.#table.postpone(row)
  }

  unswept(): StandingWatermark | undefined {
    return this.#table.watermarks.unswept
  }

  nextUnder({ scope, watermark, swept }: StandingWatermark, limit: number): readonly Standing[] {
    const place = swept ?? { createdAt: watermark.at, id: '' }
    return this.#first(this.#table.candidates(scope, place), limit, () => true)
  }

  noteSwept(watermark: StandingWatermark, last: Session | undefined): void {
    this.#table.watermarks.noteSwept(watermark, last)
  }

  retiring(before: Instant, limit: number): readonly StandingWatermark[] {
    return this.#table.watermarks.retiring(before, limit)
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
    of: SweepOptions['of'],
    momentOf: (found: Found) => Instant | null,
    ...heaps: readonly MomentHeap<MemoryRow>[]
  ): readonly Found[] {
    if (of === undefined) {
      const taken: Found[] = []
      for (const heap of heaps) taken.push(...this.#take(heap, moment, limit - taken.length))
      return taken
    }
    return this.#first(this.#table.candidates(of), limit, (found) => (momentOf(found) ?? Infinity) < moment)
  }

  #take(heap: MomentHeap<MemoryRow>, before: Instant, limit: number): readonly Found[] {
    const taken: Found[] = []
    for (let row = heap.first; taken.length < limit && row !== undefined; row = heap.first) {
      const found = this.#table.found(row.found.session.id)
      if (row.moment >= before || found === undefined) break
      heap.remove(row)
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
