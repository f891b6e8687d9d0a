import { covers } from '../core/over.ts'
import type { Instant, Session } from '../core/session.ts'
import type { Watermark, WatermarkScope } from '../core/store.ts'
import type { Place } from './cursor.ts'
import type { MemoryFeed } from './memory-feed.ts'

export interface StandingWatermark {
  readonly scope: WatermarkScope
  readonly watermark: Watermark
  /** The last session that a sweep looked at; `undefined` before the first. */
  swept: Place | undefined
}

/** The watermarks of a store: of each scope the highest. */
export class MemoryWatermarks {
  /** By realm, then by subject; those that name no subject stand under `undefined`. */
  readonly #realms = new Map<string, Map<string | undefined, StandingWatermark[]>>()
  /** Those whose sessions are not all marked yet. */
  readonly #unswept = new Set<StandingWatermark>()
  readonly #feed: MemoryFeed
  /** Rises with each change, so that an answer of an earlier count is known to be stale. */
  count = 0

  constructor(feed: MemoryFeed) {
    this.#feed = feed
  }

  raise(scope: WatermarkScope, { at, reason }: Watermark): void {
    const { realm, subject, method, policy } = scope
    const subjects = this.#realms.get(realm) ?? new Map<string | undefined, StandingWatermark[]>()
    const standing = subjects.get(subject) ?? []
    const before = standing.find(({ scope: other }) => other.method === method && other.policy === policy)
    if (before !== undefined && before.watermark.at >= at) return
    const raised = {
      scope: Object.freeze({ ...scope }),
      watermark: Object.freeze({ at, reason }),
      swept: undefined,
    }
    subjects.set(subject, [...standing.filter((other) => other !== before), raised])
    this.#realms.set(realm, subjects)
    if (before !== undefined) this.#unswept.delete(before)
    this.#unswept.add(raised)
    this.#feed.append({ kind: 'watermark', scope: raised.scope, watermark: raised.watermark })
    this.count++
  }

  /** That of exactly this scope. */
  get({ realm, subject, method, policy }: WatermarkScope): StandingWatermark | undefined {
    return this.#realms
      .get(realm)
      ?.get(subject)
      ?.find(({ scope }) => scope.method === method && scope.policy === policy)
  }

  /** All, each with whether all that it covers is marked. */
  *all(): Generator<StandingWatermark & { readonly isDone: boolean }, void, undefined> {
    for (const subjects of this.#realms.values())
      for (const standing of [...subjects.values()].flat())
        yield { ...standing, isDone: !this.#unswept.has(standing) }
  }

  /** The latest that covers the session; at one moment the narrowest, by subject, then method, then policy. */
  over(session: Session): Watermark | null {
    const subjects = this.#realms.get(session.realm)
    if (subjects === undefined) return null
    let latest: StandingWatermark | null = null
    const ofSubject = session.subject === null ? undefined : subjects.get(session.subject)
    for (const standing of [...(ofSubject ?? []), ...(subjects.get(undefined) ?? [])]) {
      if (!covers(standing.scope, standing.watermark, session)) continue
      if (latest === null || outranks(standing, latest)) latest = standing
    }
    return latest === null ? null : latest.watermark
  }

  /** The earliest of those whose sessions are not all marked yet, in a realm or in all. */
  unswept(realm: string | undefined): StandingWatermark | undefined {
    let earliest: StandingWatermark | undefined
    for (const standing of this.#unswept) {
      if (realm !== undefined && standing.scope.realm !== realm) continue
      if (earliest === undefined || standing.watermark.at < earliest.watermark.at) earliest = standing
    }
    return earliest
  }

  /** The sweep of a watermark has come to this session, or, with none, to its end. */
  noteSwept(standing: StandingWatermark, last: Place | undefined): void {
    if (last === undefined) this.#unswept.delete(standing)
    else standing.swept = { createdAt: last.createdAt, id: last.id }
  }

  /** Those of before the moment whose sessions are all marked, in a realm or in all. */
  retiring(before: Instant, limit: number, realm: string | undefined): readonly StandingWatermark[] {
    const retiring: StandingWatermark[] = []
    for (const [name, subjects] of this.#realms) {
      if (realm !== undefined && name !== realm) continue
      for (const standing of subjects.values()) {
        for (const other of standing) {
          if (retiring.length === limit) return retiring
          if (other.watermark.at < before && !this.#unswept.has(other)) retiring.push(other)
        }
      }
    }
    return retiring
  }

  drop(standing: StandingWatermark): void {
    const { realm, subject } = standing.scope
    const subjects = this.#realms.get(realm)
    const kept = subjects?.get(subject)?.filter((other) => other !== standing) ?? []
    if (kept.length > 0) subjects?.set(subject, kept)
    else subjects?.delete(subject)
    if (subjects?.size === 0) this.#realms.delete(realm)
    this.count++
  }
}

function outranks(a: StandingWatermark, b: StandingWatermark): boolean {
  if (a.watermark.at !== b.watermark.at) return a.watermark.at > b.watermark.at
  return rank(a.scope) > rank(b.scope)
}

function rank({ subject, method, policy }: WatermarkScope): number {
  return (subject === undefined ? 0 : 4) + (method === undefined ? 0 : 2) + (policy === undefined ? 0 : 1)
}
