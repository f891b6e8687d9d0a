import type { Clock, Instant, Millis } from 'sojourn'
import type { KeptEvent, Outbox } from '../outbox/outbox.ts'
import type { LiveViewer } from './live-viewer.ts'

export interface StreamParts {
  readonly outbox: Pick<Outbox, 'after'>
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly viewer: LiveViewer
  /** As `mayLook`. */
  readonly may: () => Promise<{ readonly until: Instant | null } | undefined>
  /** The last event that its reader has. */
  readonly after: number
  /** Written before all else. */
  readonly greeting: string
  readonly closed: () => void
  /** Cuts the connection of a reader that does not read. */
  readonly drop: () => void
}

/** How much waits for a slow reader; what is beyond stays in the outbox until there is room. */
const mostWaiting = 65_536
/** A reader that makes no room for so long is dropped, and may come back to where it was. */
export const slowFor: Millis = 10_000

const batch = 100
const encoder = new TextEncoder()

/**
 * One open page of the console. Whoever looks is asked for anew before anything is written, so that nothing reaches a
 * session that has ended or an account that has lost its role, and it closes once that is seen. Looks do not overlap.
 */
export class LiveStream {
  readonly viewer: LiveViewer
  readonly body: ReadableStream<Uint8Array>
  readonly #parts: StreamParts
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #position: number
  #underWay: Promise<void> | undefined
  #isWoken = false
  /** Since when nothing more may wait; `undefined`: there is room. */
  #fullSince: Instant | undefined
  #callOff = (): void => {}

  constructor(parts: StreamParts) {
    this.viewer = parts.viewer
    this.#parts = parts
    this.#position = parts.after
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
          this.#write(parts.greeting)
          this.look()
        },
        pull: () => {
          if (this.#fullSince === undefined) return
          this.#fullSince = undefined
          this.look()
        },
        cancel: () => this.#over(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: mostWaiting }),
    )
  }

  /** There may be something to tell, or no right to hear it any more. */
  look(): void {
    if (this.#controller === undefined) return
    if (this.#underWay !== undefined) {
      this.#isWoken = true
      return
    }
    this.#underWay = this.#look().finally(() => {
      this.#underWay = undefined
      if (!this.#isWoken) return
      this.#isWoken = false
      this.look()
    })
  }

  /** Says that it is still there; a connection that is not is found by it. */
  beat(): void {
    if (this.#fullSince === undefined) this.#write(':\n\n')
  }

  /** Drops a reader that has not read for too long. */
  judge(): void {
    if (this.#fullSince === undefined || this.#parts.clock.now() - this.#fullSince <= slowFor) return
    this.#over()
    this.#parts.drop()
  }

  close(): void {
    const controller = this.#controller
    this.#over()
    controller?.close()
  }

  async #look(): Promise<void> {
    const { may, outbox, clock } = this.#parts
    try {
      for (;;) {
        const right = await may()
        if (right === undefined) return this.close()
        this.#callOff()
        if (right.until !== null)
          this.#callOff = clock.after(Math.max(right.until - clock.now() + 1, 0), () => this.look())
        const events = await outbox.after(this.#position, batch)
        // It may have been closed meanwhile.
        if (this.#controller === undefined) return this.#callOff()
        for (const event of events) {
          if ((this.#controller.desiredSize ?? 0) <= 0) {
            this.#fullSince ??= clock.now()
            return
          }
          this.#position = event.position
          if (event.type !== 'webhook.test') this.#write(lineOf(event))
        }
        if (events.length < batch) return
      }
    } catch {
      // Whoever cannot be judged sees nothing; the browser comes back by itself.
      this.close()
    }
  }

  #write(text: string): void {
    this.#controller?.enqueue(encoder.encode(text))
  }

  #over(): void {
    if (this.#controller === undefined) return
    this.#controller = undefined
    this.#callOff()
    this.#parts.closed()
  }
}

function lineOf({ position, type, at, data }: KeptEvent): string {
  return `id: ${position}\nevent: ${type}\ndata: ${JSON.stringify({ at, ...data })}\n\n`
}
