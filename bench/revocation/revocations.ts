import { setTimeout as wait } from 'node:timers/promises'
import { createSessions } from 'sojourn'
import { quartiles } from '../quartiles.ts'
import { Child } from '../process/child.ts'
import type { NodeAnswers } from './node.ts'
import { type StoreName, storeAt } from './store-at.ts'

/** How long after a revocation was acknowledged the other nodes refused the session, in milliseconds. */
export interface Revocations {
  readonly store: StoreName
  readonly count: number
  readonly p50: number
  /** The median of the rounds, so that a machine that stands still for a while spoils a round, and not the figure. */
  readonly p99: number
  readonly worst: number
  /** The longest that one of the nodes had no turn: so much of it is the machine's. */
  readonly stall: number
}

/** How many revocations a round has. */
const round = 100

const script = '../revocation/node.ts'

/**
 * Two processes with a cache each ask for all sessions without pause, while a third revokes them, at moments that have nothing
 * to do with those at which the feed is asked.
 */
export async function measureRevocations(
  name: StoreName,
  place: string,
  count: number,
): Promise<Revocations> {
  const { store, closeClient } = await storeAt(name, place)
  const auth = createSessions({ store, sweepEvery: null })
  const ids: string[] = []
  while (ids.length < count) ids.push((await auth.start({ subject: `u-${ids.length}` })).session.id)
  const children = [0, 1].map((core) => new Child(core, script, name, place))
  try {
    for (const child of children) await child.ask({ watch: ids })
    const acknowledged: Record<string, number> = {}
    for (const id of ids) {
      await wait(Math.random() * 20)
      await auth.end({ id }, 'admin_revoked')
      acknowledged[id] = Number(process.hrtime.bigint()) / 1e6
    }
    const answers: NodeAnswers[] = []
    for (const child of children) answers.push(await answersOf(child, count))
    const stall = Math.max(...answers.map((answer) => answer.stall))
    const late = ids.map((id) =>
      answers.map(({ refusals }) => Math.max(0, (refusals[id] ?? NaN) - (acknowledged[id] ?? NaN))),
    )
    const rounds = Array.from({ length: Math.ceil(count / round) }, (_, at) =>
      late.slice(at * round, (at + 1) * round).flat(),
    )
    const p50 = quartiles(late.flat()).median
    const p99 = quartiles(rounds.map((each) => at(each, 0.99))).median
    return { store: name, count, p50, p99, worst: at(late.flat(), 1), stall }
  } finally {
    for (const child of children) await child.ask('close')
    for (const child of children) child.stop()
    await auth.close()
    await closeClient()
  }
}

/** Once the node has refused them all. */
async function answersOf(child: Child, count: number): Promise<NodeAnswers> {
  for (;;) {
    const answers = await child.ask<NodeAnswers>('answers')
    if (Object.keys(answers.refusals).length === count) return answers
    await wait(50)
  }
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? NaN
}
