import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { memory } from '../../src/stores/memory.ts'
import { sqlite } from '../../src/stores/sqlite.ts'
import { command, firstCommand } from './command.ts'
import { type Asked, Interleaved } from './interleaved.ts'
import { type Rules, rulesOfRuns } from './rules.ts'
import { orNothing, runShare } from './runs.ts'

/** Opening a database costs more than a run: each is undone as one transaction, of which the steps of the store are parts. */
const db = new DatabaseSync(':memory:')
const onSqlite = sqlite(db)

interface Group {
  readonly asked: readonly (Asked | null)[]
  /** The node that crashes afterwards. */
  readonly crashes: 0 | 1 | null
}

interface Sequence {
  readonly first: Asked
  readonly groups: readonly Group[]
  readonly picks: readonly number[]
  readonly inSqlite: boolean
}

const node = fc.constantFrom(0, 1)
const asked = fc.record({ command, node })
const group: fc.Arbitrary<Group> = fc.record({
  asked: fc.array(orNothing(asked), { minLength: 1, maxLength: 5, size: 'max' }),
  crashes: fc.constantFrom(null, null, null, 0, 1),
})
const sequence: fc.Arbitrary<Sequence> = fc.record({
  first: fc.record({ command: firstCommand, node }),
  groups: fc.array(group, { minLength: 5, maxLength: 6, size: 'max' }),
  picks: fc.array(fc.nat({ max: 9 }), { maxLength: 40, size: 'max' }),
  inSqlite: fc.constantFrom(false, false, false, true),
})

async function interleave(rules: Rules, { first, groups, picks, inSqlite }: Sequence): Promise<void> {
  db.exec('BEGIN')
  try {
    const run = new Interleaved(inSqlite ? onSqlite : memory(), rules, picks)
    await run.together([first])
    for (const { asked, crashes } of groups) {
      await run.together(asked.filter((one) => one !== null))
      if (crashes !== null) run.crash(crashes)
    }
    await run.close()
  } finally {
    db.exec('ROLLBACK')
  }
}

for (const rules of rulesOfRuns) {
  test(`P-02 P-06 P-07 whatever overlaps, no law is broken at any moment: ${rules.name}`, async () => {
    await runShare(0.6 / rulesOfRuns.length, sequence, (sequence) => interleave(rules, sequence))
  })
}
