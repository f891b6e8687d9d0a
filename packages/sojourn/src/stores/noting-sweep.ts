import type { Session } from '../core/session.ts'
import type { NotedChange } from './noted-change.ts'
import { MemorySweep } from './memory-sweep.ts'
import type { MemoryTable } from './memory-table.ts'
import type { StandingWatermark } from './memory-watermarks.ts'

/** A sweep that notes how far it came with each watermark. What it does to rows, their table notes. */
export class NotingSweep extends MemorySweep {
  readonly #note: (change: NotedChange) => void

  constructor(table: MemoryTable, note: (change: NotedChange) => void) {
    super(table)
    this.#note = note
  }

  override noteSwept(watermark: StandingWatermark, last: Session | undefined): void {
    super.noteSwept(watermark, last)
    const to = last === undefined ? null : { createdAt: last.createdAt, id: last.id }
    this.#note({ kind: 'swept', scope: watermark.scope, to })
  }

  override drop(watermark: StandingWatermark): void {
    super.drop(watermark)
    this.#note({ kind: 'drop', scope: watermark.scope })
  }
}
