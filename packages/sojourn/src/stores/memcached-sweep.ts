import type { Instant, Session } from '../core/session.ts'
import { type Ending, endTrees, type Passed } from './end-trees.ts'
import { NotingSweep } from './noting-sweep.ts'
import type { NotingTable } from './noting-table.ts'
import type { Standing } from './standing.ts'

/** The sweep of one book. What is over because one above it in another book was over first ends by that, before it is marked. */
export class MemcachedSweep extends NotingSweep {
  /** Set before a sweep. */
  endings: readonly Ending[] = []
  /** What ended so. */
  ended: readonly Session[] = []
  readonly passOn: (id: string, passed: Passed) => void

  constructor(table: NotingTable, note: () => void, passOn: (id: string, passed: Passed) => void) {
    super(table, note)
    this.passOn = passOn
  }

  override due(now: Instant, limit: number, realm: string | undefined): readonly Standing[] {
    this.ended = endTrees(this, this.endings)
    return super.due(now, limit, realm)
  }
}
