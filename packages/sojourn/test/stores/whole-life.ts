import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Awaitable, Store } from '../../src/core/store.ts'
import type { SessionEvent } from '../../src/engine/events.ts'
import { memory } from '../../src/stores/memory.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { hour, start } from '../../src/testing/fixtures.ts'
import { type Command, command, firstCommand } from '../model/command.ts'
import { aNode } from '../model/node.ts'
import { comparable } from '../model/outcome.ts'
import { Play } from '../model/play.ts'
import { type Rules, rulesOfRuns } from '../model/rules.ts'
import { orNothing, runShare } from '../model/runs.ts'

const closing: readonly Command[] = [
  { does: 'flush' },
  { does: 'list', state: 'live', page: 3 },
  { does: 'wait', millis: hour },
  { does: 'sweep', subject: null },
  { does: 'list', state: 'any', page: 3 },
]

/**
 * Tests that whatever people do, the engine answers and tells the same over a store as over memory. `fresh` gives an empty
 * store; `share` of the sequences are played, since real servers take their time.
 */
export function testWholeLives(name: string, fresh: () => Awaitable<Store>, share = 0.03): void {
  for (const rules of rulesOfRuns) {
    test(`P-06 P-08 memory and ${name} give the same answers to whatever is asked: ${rules.name}`, async () => {
      const rest = fc.array(orNothing(command), { minLength: 12, maxLength: 20, size: 'max' })
      await runShare(share / rulesOfRuns.length, fc.tuple(firstCommand, rest), async ([first, rest]) => {
        const [model, other] = [sideOf(memory(), rules), sideOf(await fresh(), rules)]
        try {
          for (const command of [first, ...rest.filter((command) => command !== null), ...closing])
            assert.deepEqual(await other.run(command), await model.run(command))
        } finally {
          await model.close()
          await other.close()
        }
      })
    })
  }
}

/** People at an engine over a store, with a clock of their own. */
function sideOf(store: Store, rules: Rules) {
  const clock = new FakeClock(start)
  const play = new Play(clock)
  let events: SessionEvent[] = []
  const hear = (event: SessionEvent): void => void events.push(event)
  const engine = aNode('model', store, clock, rules, hear, (error) => assert.fail(String(error)))
  return {
    close: () => engine.close(),
    async run(command: Command) {
      const outcome = await play.run(command, engine)
      // What goes on behind an answer, as a sweep after a touch, was asked before this.
      await store.find('nobody')
      await new Promise((resolve) => setImmediate(resolve))
      const heard = events.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      events = []
      return comparable({ outcome, events: heard })
    },
  }
}
