import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { FakeClock } from 'sojourn/testing/clock'
import { type Database, openDatabase } from '../../src/database/open-database.ts'
import type { Job } from '../../src/jobs/job.ts'
import { Jobs, leaseLasts } from '../../src/jobs/jobs.ts'
import { giveBack, prolongLease, takeLease } from '../../src/jobs/lease.ts'
import { jsonLines } from '../../src/logger.ts'
import { until } from '../until.ts'

type Test = (name: string, run: (t: TestContext) => Promise<void>) => void

const every = 60_000

/** What holds of jobs and their leases, on a database. */
export function jobsOn(test: Test, database: string, where: () => Promise<string>): void {
  /** Two nodes of one database, each with connections of its own, and a clock for both. */
  async function nodes(t: TestContext, jobs: (node: string) => readonly Job[]) {
    const location = await where()
    const clock = new FakeClock()
    const lines: string[] = []
    const log = jsonLines({ write: (line) => void lines.push(line), now: () => clock.now() })
    const open = async (node: string) => {
      const database = await openDatabase(location)
      const made = new Jobs({ database, clock, log, node, lasts: leaseLasts }, jobs(node))
      t.after(async () => {
        await made.stop()
        await database.destroy()
      })
      return { jobs: made, database }
    }
    return { clock, lines, a: await open('a'), b: await open('b') }
  }

  const lease = (database: Database, holder: string, now: number, early = false) =>
    takeLease(database, { job: 'work', holder, now, lasts: 1_000, early })
  const ran = { took: 1, rows: 2, said: null, error: null }

  test(`of two nodes one has the lease, up to its last moment, and each taking has a higher fence: ${database}`, async (t) => {
    const { a, b } = await nodes(t, () => [])
    const first = await lease(a.database, 'a', 5_000)
    assert.equal(first?.fence, 1)
    assert.equal(await lease(b.database, 'b', 6_000), undefined)
    const second = await lease(b.database, 'b', 6_001)
    assert.equal(second?.fence, 2)
    assert.ok(first && second)
    assert.equal(await prolongLease(a.database, first, 9_000), false)
    assert.equal(await giveBack(a.database, first, { ...ran, endedAt: 6_002, nextAt: 6_002 }), false)
    assert.equal(await lease(a.database, 'a', 7_001), undefined)
    assert.equal(await prolongLease(b.database, second, 8_000), true)
    assert.equal(await lease(a.database, 'a', 8_000), undefined)
    assert.equal(await giveBack(b.database, second, { ...ran, endedAt: 8_000, nextAt: 9_000 }), true)
    assert.equal(await lease(a.database, 'a', 8_999), undefined)
    assert.equal((await lease(a.database, 'a', 8_999, true))?.fence, 3)
  })

  test(`A-27 what a clock that was wrong wrote keeps no node from a job once it is right again: ${database}`, async (t) => {
    const { a, b } = await nodes(t, () => [])
    const minute = 60_000
    const ahead = 365 * 24 * 60 * minute
    const wrong = await lease(a.database, 'a', ahead)
    assert.ok(wrong)
    const right = await lease(b.database, 'b', 5_000)
    assert.equal(right?.fence, 2, 'held until next year')
    assert.equal(await giveBack(a.database, wrong, { ...ran, endedAt: ahead, nextAt: ahead }), false)
    const next = { ...ran, endedAt: 5_000, nextAt: ahead }
    assert.equal(await giveBack(b.database, right, next), true)
    assert.equal((await lease(b.database, 'b', 5_001))?.fence, 3, 'due next year')
    // Clocks that are a little apart are not wrong.
    assert.equal(await lease(a.database, 'a', 5_001 - 5 * minute), undefined)
    assert.equal((await lease(a.database, 'a', 5_001 - 5 * minute - 1))?.fence, 4)
  })

  test(`of twenty who ask for a lease at once one gets it: ${database}`, async (t) => {
    const { a, b } = await nodes(t, () => [])
    const got = await Promise.all(
      Array.from({ length: 20 }, (_, at) => lease(at % 2 === 0 ? a.database : b.database, `n${at}`, 5_000)),
    )
    assert.equal(got.filter((one) => one !== undefined).length, 1)
  })

  test(`one node runs a job at a time, and the other has its turn once it is due: ${database}`, async (t) => {
    const runs: string[] = []
    const gate = Promise.withResolvers<void>()
    const { clock, a, b } = await nodes(t, (node) => [
      {
        name: 'work',
        says: 'Works.',
        every,
        async run() {
          runs.push(node)
          await gate.promise
          return { rows: 3, said: 'three' }
        },
      },
    ])
    const first = a.jobs.run('work')
    await until(() => runs.length === 1)
    assert.equal(await b.jobs.run('work'), 'busy')
    const [running] = await b.jobs.states()
    assert.equal(running?.last?.isRunning, true)
    assert.equal(running.last.node, 'a')
    gate.resolve()
    assert.equal(await first, 'done')
    const [state] = await b.jobs.states()
    assert.equal(state?.last?.isRunning, false)
    assert.equal(state.last.rows, 3)
    assert.equal(state.last.said, 'three')
    assert.equal(state.last.error, null)
    assert.equal(state.last.nextAt, clock.now() + every)
    await a.jobs.stop()
    b.jobs.start()
    clock.advance(every)
    await until(() => runs.length === 2)
    assert.deepEqual(runs, ['a', 'b'])
  })

  test(`a holder that is cut off is followed by another node after the lease, and what it still does counts for nothing: ${database}`, async (t) => {
    const gate = Promise.withResolvers<void>()
    const fences: number[] = []
    const { clock, lines, a, b } = await nodes(t, (node) => [
      {
        name: 'work',
        says: 'Works.',
        every,
        async run({ fence }) {
          fences.push(fence)
          if (node === 'a') await gate.promise
          return { rows: node === 'a' ? 1 : 2 }
        },
      },
    ])
    // It stands still, its timers too: nobody prolongs the lease.
    const first = a.jobs.run('work')
    await until(() => fences.length === 1)
    clock.stall(leaseLasts)
    assert.equal(await b.jobs.run('work'), 'busy')
    clock.stall(1)
    assert.equal(await b.jobs.run('work'), 'done')
    gate.resolve()
    assert.equal(await first, 'lost')
    assert.deepEqual(fences, [1, 2])
    const [state] = await a.jobs.states()
    assert.equal(state?.last?.rows, 2)
    assert.ok(lines.some((line) => line.includes('has taken over')))
  })

  test(`a lease is prolonged while its job runs, and the job hears when it is lost: ${database}`, async (t) => {
    const heard = Promise.withResolvers<void>()
    let begun = false
    const { clock, a, b } = await nodes(t, () => [
      {
        name: 'work',
        says: 'Works.',
        every,
        async run({ signal }) {
          begun = true
          signal.addEventListener('abort', () => heard.resolve())
          await heard.promise
          return { rows: 0 }
        },
      },
    ])
    const first = a.jobs.run('work')
    await until(() => begun)
    const heldUntil = async () =>
      (await b.database.selectFrom('jobs').select('held_until').executeTakeFirstOrThrow()).held_until
    for (let step = 0; step < 6; step++) {
      const before = await heldUntil()
      clock.advance(leaseLasts / 3)
      for (;;) if ((await heldUntil()) > before) break
    }
    assert.equal(await b.jobs.run('work'), 'busy')
    await b.database.updateTable('jobs').set({ fence: 9 }).execute()
    clock.advance(leaseLasts / 3)
    assert.equal(await first, 'lost')
  })

  test(`a job that fails says why, and is tried again when it is due: ${database}`, async (t) => {
    let runs = 0
    const { clock, lines, a } = await nodes(t, () => [
      {
        name: 'work',
        says: 'Works.',
        every,
        run() {
          runs++
          return runs === 1
            ? Promise.reject(new Error('the disk is full\nat line 1'))
            : Promise.resolve({ rows: 1 })
        },
      },
    ])
    assert.equal(await a.jobs.run('work'), 'failed')
    const [state] = await a.jobs.states()
    assert.equal(state?.last?.error, 'the disk is full')
    assert.equal(state.last.nextAt, clock.now() + every)
    assert.ok(lines.some((line) => line.includes('a job failed')))
    clock.advance(every)
    await until(() => runs === 2)
    assert.equal(await a.jobs.run('nothing'), undefined)
  })

  test(`who wakes a job that runs is served by one more run: ${database}`, async (t) => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let runs = 0
    const { a } = await nodes(t, () => [
      {
        name: 'work',
        says: 'Works.',
        every,
        async run() {
          await gates[runs++]?.promise
          return { rows: 0 }
        },
      },
    ])
    a.jobs.wake('work')
    await until(() => runs === 1)
    for (let wakes = 0; wakes < 5; wakes++) a.jobs.wake('work')
    gates[0]?.resolve()
    await until(() => runs === 2)
    gates[1]?.resolve()
    assert.equal(await a.jobs.run('work'), 'done')
    assert.equal(runs, 3)
  })
}
