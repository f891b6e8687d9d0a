import { SessionError } from '../core/errors.ts'
import type { Instant } from '../core/session.ts'
import type { Watermark, WatermarkScope } from '../core/store.ts'
import type { NotedChange } from './noted-change.ts'
import type { FileLine } from './file-line.ts'
import { NotingSweep } from './noting-sweep.ts'
import { NotingTable, storedOf } from './noting-table.ts'
import { MemoryStore } from './memory-store.ts'

/** What the lines of a log come to: the sessions, watermarks and leases, and a store over them that notes what it changes. */
export class FileState {
  readonly store: MemoryStore
  /** The moment of the sweep that wrote the log anew last; `null`: none did. */
  compactedAt: Instant | null = null
  readonly #table: NotingTable
  readonly #sweep: NotingSweep
  readonly #leases = new Map<string, { readonly holder: string; readonly until: Instant }>()
  #changes: NotedChange[] = []
  /** Why nothing can be answered, if so. */
  #broken: string | undefined

  constructor(maxSessions: number) {
    const note = (change: NotedChange): void => void this.#changes.push(change)
    this.#table = new NotingTable(maxSessions, note)
    this.#sweep = new NotingSweep(this.#table, note)
    this.store = new MemoryStore(this.#table, this.#sweep)
  }

  /** Refuses where something is damaged that this would need. `id`: a session that it is about, not only to end it. */
  check(id?: string): void {
    if (this.#broken !== undefined) throw new SessionError('invalid_data', this.#broken)
    if (id === undefined || !this.#table.damaged.has(id)) return
    throw new SessionError(
      'invalid_data',
      `A line about session ${id} is damaged: it is not known how it stands. End the session, or restore the folder`,
    )
  }

  voidBefore(scope: WatermarkScope, watermark: Watermark): void {
    const { count } = this.#table.watermarks
    this.store.voidBefore(scope, watermark)
    if (this.#table.watermarks.count !== count) this.#changes.push({ kind: 'void', scope, watermark })
  }

  lease(job: string, holder: string, at: Instant, until: Instant): boolean {
    const lease = this.#leases.get(job)
    if (lease !== undefined && lease.holder !== holder && at <= lease.until) return false
    this.#leases.set(job, { holder, until })
    this.#changes.push({ kind: 'lease', job, holder, until })
    return true
  }

  /** What was changed since it was last taken. */
  take(): readonly NotedChange[] {
    const taken = this.#changes
    this.#changes = []
    return taken
  }

  /** Takes over a line of the log. `place`: where it stands, for a message. */
  follow(line: FileLine, place: string): void {
    if (line.state === 'sound') {
      for (const change of line.changes) this.#follow(change, place)
      return
    }
    for (const id of line.names ?? [null]) {
      if (id === null)
        this.#broken = `${place} is damaged: nobody knows who is still signed in. Restore the folder, or start with an empty one`
      else this.#table.follow({ kind: 'damage', id })
    }
  }

  /** Lines that come to the same, each with one session at most. */
  *lines(): Generator<readonly NotedChange[], void, undefined> {
    for (const { scope, watermark, swept, isDone } of this.#table.watermarks.all()) {
      const to = isDone ? null : swept
      yield [
        { kind: 'void', scope, watermark },
        ...(to === undefined ? [] : [{ kind: 'swept', scope, to } as const]),
      ]
    }
    for (const [job, { holder, until }] of this.#leases) yield [{ kind: 'lease', job, holder, until }]
    for (const { found } of this.#table.rows.values()) {
      const { id } = found.session
      const damage = this.#table.damaged.has(id) ? ([{ kind: 'damage', id }] as const) : []
      yield [{ kind: 'put', found: storedOf(found) }, ...damage]
    }
  }

  #follow(change: NotedChange, place: string): void {
    const { watermarks } = this.#table
    switch (change.kind) {
      case 'log':
        if (Number(change.version) !== 1)
          throw new SessionError(
            'store_unavailable',
            `${place} was written by a later release. Update sojourn`,
          )
        this.compactedAt = change.compactedAt
        return
      case 'lease':
        this.#leases.set(change.job, change)
        return
      case 'void':
        watermarks.raise(change.scope, change.watermark)
        return
      case 'swept':
      case 'drop': {
        const standing = watermarks.get(change.scope)
        if (standing === undefined) return
        if (change.kind === 'drop') watermarks.drop(standing)
        else watermarks.noteSwept(standing, change.to ?? undefined)
        return
      }
      default:
        this.#table.follow(change)
    }
  }
}
