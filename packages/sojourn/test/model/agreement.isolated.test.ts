import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Store } from '../../src/core/store.ts'
import type { Engine } from '../../src/engine/index.ts'
import type { SessionEvent } from '../../src/engine/events.ts'
import { memory } from '../../src/stores/memory.ts'
import { sqlite } from '../../src/stores/sqlite.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { hour, start } from '../../src/testing/fixtures.ts'
import { type Command, command, firstCommand } from './command.ts'
import { aNode } from './node.ts'
import { comparable, type Outcome } from './outcome.ts'
import { Play } from './play.ts'
import { type Rules, rulesOfRuns } from './rules.ts'
import { orNothing, runShare } from './runs.ts'
import { Truth } from './truth.ts'

interface Step {
  readonly outcome: Outcome
  readonly events: readonly SessionEvent[]
}

/** One store under an engine, with a clock and people of its own. */
class Side {
  readonly clock = new FakeClock(start)
  readonly engine: Engine
  readonly #play = new Play(this.clock)
  #events: SessionEvent[] = []

  constructor(store: Store, rules: Rules) {
    const hear = (event: SessionEvent): void => void this.#events.push(event)
    this.engine = aNode('model', store, this.clock, rules, hear, (error) => assert.fail(String(error)))
  }

  async run(command: Command): Promise<Step> {
    const outcome = await this.#play.run(command, this.engine)
    const events = this.#events.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    this.#events = []
    return { outcome, events }
  }
}

/** Afterwards everything is written, listed, over, marked, and listed again. */
const closing: readonly Command[] = [
  { does: 'flush' },
  { does: 'list', state: 'live', page: 3 },
  { does: 'list', state: 'any', page: 2 },
  { does: 'wait', millis: hour },
  { does: 'sweep', subject: null },
  { does: 'list', state: 'live', page: 3 },
  { does: 'list', state: 'any', page: 3 },
]

/** Opening a database costs more than a run: each is undone as one transaction, of which the steps of the store are parts. */
const db = new DatabaseSync(':memory:')
const onSqlite = sqlite(db)

async function agree(rules: Rules, commands: readonly Command[]): Promise<void> {
  db.exec('BEGIN')
  const [model, other] = [new Side(memory(), rules), new Side(onSqlite, rules)]
  const truth = new Truth(rules)
  try {
    for (const command of [...commands, ...closing]) {
      const now = model.clock.now()
      const step = await model.run(command)
      truth.check(step.outcome, step.events, now)
      assert.deepEqual(comparable(await other.run(command)), comparable(step))
    }
    for (const { session, end } of truth.lives.all.values())
      assert.notEqual(end, null, `the end of ${session.id} was told of`)
  } finally {
    await model.engine.close()
    await other.engine.close()
    db.exec('ROLLBACK')
  }
}

for (const rules of rulesOfRuns) {
  test(`P-06 P-08 P-16 memory and sqlite give the same, true answers to whatever is asked: ${rules.name}`, async () => {
    const rest = fc.array(orNothing(command), { minLength: 12, maxLength: 20, size: 'max' })
    await runShare(0.4 / rulesOfRuns.length, fc.tuple(firstCommand, rest), ([first, rest]) => {
      return agree(rules, [first, ...rest.filter((command) => command !== null)])
    })
  })
}
