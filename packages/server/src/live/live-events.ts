import type { Clock, Millis } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import { lastPosition } from '../outbox/keep-events.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { OutboxEvent } from '../outbox/outbox-event.ts'
import { LiveStream } from './live-stream.ts'
import { type LiveViewer, mayLook, type ViewerParts } from './live-viewer.ts'

/** How many streams one person may have at once, and all on one node. */
export const mostStreams = { each: 4, all: 200 } as const

/** How soon what another node did is seen, an end and a lost role too. What this node ends closes at once. */
export const looksEvery: Millis = 1_000
const beatsEvery: Millis = 15_000

export interface LiveParts extends ViewerParts {
  readonly outbox: Outbox
  readonly database: Database
  readonly clock: Clock
}

/** The streams of what happens that are open at this node. */
export class LiveEvents {
  readonly #parts: LiveParts
  readonly #streams = new Set<LiveStream>()
  readonly #forget: () => void
  #callOff = (): void => {}
  #beatenAt = 0

  constructor(parts: LiveParts) {
    this.#parts = parts
    this.#forget = parts.outbox.onGrowth((events) => this.#grew(events))
  }

  get open(): number {
    return this.#streams.size
  }

  /** What happens from now on, or after the last event that a reader has; `undefined`: there are too many already. */
  async stream(
    viewer: LiveViewer,
    lastEventId: string | undefined,
    drop: () => void,
  ): Promise<LiveStream | undefined> {
    const { outbox, clock, database } = this.#parts
    const newest = await lastPosition(database)
    const { after, isWhole } = await this.#begin(lastEventId, newest)
    const own = [...this.#streams].filter((one) => one.viewer.subject === viewer.subject)
    if (own.length >= mostStreams.each || this.#streams.size >= mostStreams.all) return undefined
    const stream: LiveStream = new LiveStream({
      outbox,
      clock,
      viewer,
      may: () => mayLook(this.#parts, viewer),
      after,
      greeting: `retry: 3000\n\n${isWhole ? '' : 'event: reset\ndata: {}\n\n'}`,
      closed: () => this.#remove(stream),
      drop,
    })
    this.#streams.add(stream)
    if (this.#streams.size === 1) this.#tick()
    return stream
  }

  /** The session of a reader has ended here: it hears nothing more. */
  ended(session: string): void {
    for (const stream of this.#streams) if (stream.viewer.session === session) stream.close()
  }

  close(): void {
    this.#forget()
    this.#callOff()
    for (const stream of this.#streams) stream.close()
  }

  /** Where a reader goes on. One that missed what is no longer kept is told so, and begins with what comes. */
  async #begin(lastEventId: string | undefined, newest: number) {
    if (lastEventId === undefined || lastEventId === '') return { after: newest, isWhole: true }
    const after = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : -1
    const oldest = await this.#parts.database
      .selectFrom('outbox_events')
      .select('position')
      .orderBy('position')
      .limit(1)
      .executeTakeFirst()
    const isKept = after === newest || (oldest !== undefined && after >= oldest.position - 1)
    return isKept && after <= newest ? { after, isWhole: true } : { after: newest, isWhole: false }
  }

  #grew(events: readonly OutboxEvent[]): void {
    for (const { type, session } of events) if (type === 'session.ended') this.ended(session)
    for (const stream of this.#streams) stream.look()
  }

  #remove(stream: LiveStream): void {
    this.#streams.delete(stream)
    if (this.#streams.size === 0) this.#callOff()
  }

  #tick(): void {
    const { clock } = this.#parts
    this.#callOff = clock.after(looksEvery, () => {
      const now = clock.now()
      const beats = now - this.#beatenAt >= beatsEvery
      if (beats) this.#beatenAt = now
      for (const stream of this.#streams) {
        stream.judge()
        if (beats) stream.beat()
        stream.look()
      }
      if (this.#streams.size > 0) this.#tick()
    })
  }
}
