import type { Instant } from '../core/session.ts'
import type { Found } from '../core/store.ts'
import type { MomentHeap } from './moment-heap.ts'

/** One session in memory, with its places in the indexes. */
export class MemoryRow {
  /** What `find` returns, frozen. */
  found: Found
  /** The count of watermarks that `found.watermark` was looked up at. */
  watermarks: number
  /** The heap that holds it, if any. */
  heap: MomentHeap<MemoryRow> | undefined = undefined
  /** What that heap is ordered by. */
  moment: Instant = 0
  /** Its index in the heap, or -1. */
  position = -1
  /** Removed, though an index may still hold it. */
  gone = false

  constructor(found: Found, watermarks: number) {
    this.found = found
    this.watermarks = watermarks
  }
}
