import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Store } from '../../src/core/store.ts'
import { newSessions } from '../../src/testing/fixtures.ts'
import { boundJudgement, type Judgement } from './bound-judgement.ts'
import type { LineMode } from './cached/faulty-line.ts'
import { revokeOne } from './revoke-one.ts'
import { storeAt } from './store-at.ts'
import { VerifyingNode } from './verifying-node.ts'
import { sessionId, steadyMillis, subjectOf } from './verifying-report.ts'

const bound = 500
const timeout = 120_000
const revokeEvery = 20

/** What is done to the nodes, second by second. */
interface Plan {
  readonly kinds: readonly string[]
  readonly steps: readonly (readonly [atSecond: number, what: (nodes: readonly VerifyingNode[]) => void])[]
  readonly seconds: number
  /** How many answers a run has at least; a machine that is busy with other things is given more time for them. */
  readonly answers: number
  /** Whether the nodes revoke too. A revocation that fails may empty a cache. */
  readonly nodesRevoke: boolean
}

const line = (index: number, mode: LineMode) => (nodes: readonly VerifyingNode[]) =>
  nodes[index]?.setLine(mode)
const feed = (index: number, mode: LineMode) => (nodes: readonly VerifyingNode[]) =>
  nodes[index]?.tell({ feed: mode })
const clock = (index: number, millis: number) => (nodes: readonly VerifyingNode[]) =>
  nodes[index]?.tell({ set: millis })
const signal = (index: number, name: 'SIGSTOP' | 'SIGCONT') => (nodes: readonly VerifyingNode[]) =>
  nodes[index]?.signal(name)

const hour = 3_600_000
const troubles: Plan = {
  kinds: ['sound', 'sound', 'deaf'],
  steps: [
    [1, line(0, 'delays')],
    [1.5, signal(2, 'SIGSTOP')],
    [2.5, line(0, 'passes')],
    [2.5, line(1, 'drops')],
    [4.5, line(1, 'passes')],
    [5, line(0, 'cuts')],
    [5, clock(1, hour)],
    [6, clock(1, -hour)],
    [7, line(0, 'passes')],
    [7, clock(1, -hour)],
    [8, feed(0, 'drops')],
    [8, feed(1, 'cuts')],
    [10, feed(0, 'delays')],
    [10, feed(1, 'passes')],
    [11.5, feed(0, 'passes')],
    [11.5, signal(2, 'SIGCONT')],
  ],
  seconds: 13,
  answers: 10_000,
  nodesRevoke: true,
}

/**
 * P-19 across nodes: three processes with a cache each verify without pause, and revoke in turns, with a fourth that has none.
 * Meanwhile the line of one is slow, of one silent, of one cut; then the feed alone is; a clock is set by an hour forward and
 * back; and one process, which hears no notification at all, stands still for ten seconds. No node may say "active" later than
 * the bound after a revocation was acknowledged, nor at all, wherever it asked, once its line is dead for so long.
 *
 * `freshUrl` names an empty store, in a form that `store-at.ts` opens; a store with a port gets a line that fails.
 */
export function boundAcrossProcesses(
  name: string,
  freshUrl: () => Promise<string>,
  { skip = false }: { readonly skip?: string | false } = {},
): void {
  const title = `P-19 R-20 SLI-22 A-03 3 processes on ${name}: none says "active" later than the bound`
  test(title, { skip, timeout }, async (context: TestContext) => {
    const seen = await run(await freshUrl(), troubles)
    const { operations, revocations, fromMemory, failed } = seen
    context.diagnostic(
      `${name}: ${operations} operations, ${revocations} of them revocations; ${fromMemory} answers from memory, ${failed} refused`,
    )
    assert.deepEqual(seen.late, [])
    assert.deepEqual(seen.lateOfOwn, [], 'what a node revoked, it knows at once')
    assert.deepEqual(seen.whileDead, [], 'a node whose line is dead fails closed')
    assert.deepEqual(seen.unrecovered, [], 'and serves again without a restart')
    assert.ok(operations >= troubles.answers, `${operations} operations`)
    assert.ok(fromMemory > operations / 10, `${fromMemory} answers came from memory`)
    assert.ok(revocations > 100, `${revocations} revocations`)
  })
}

/** The same without a look at the lease: what proves the bound must see it broken. */
export function boundBrokenWithoutLease(
  name: string,
  freshUrl: () => Promise<string>,
  { skip = false }: { readonly skip?: string | false } = {},
): void {
  const title = `P-19 3 processes on ${name}, of which one does not look at its lease: breaches are seen`
  test(title, { skip, timeout }, async () => {
    const { late } = await run(await freshUrl(), {
      kinds: ['ageless', 'sound', 'sound'],
      steps: [
        [0.2, line(0, 'drops')],
        [0.2, feed(0, 'drops')],
      ],
      seconds: 3,
      answers: 0,
      nodesRevoke: false,
    })
    assert.ok(late.length > 0)
    assert.deepEqual(new Set(late.map(({ node }) => node)), new Set([0]))
  })
}

async function run(url: string, plan: Plan): Promise<Judgement> {
  const store = await storeAt(url)
  const total = Math.floor((plan.seconds * 1000) / revokeEvery) + 50
  const fieldsOf = (index: number) => ({ id: sessionId(index), subject: subjectOf(index) })
  const entries = newSessions(total, (index) => ({ ...fieldsOf(index), idleTimeout: null, expiresAt: null }))
  while (entries.length > 0)
    await Promise.all(entries.splice(0, 20).map(async (entry) => await store.create(entry)))
  const nodes: VerifyingNode[] = []
  try {
    for (const kind of plan.kinds) nodes.push(await VerifyingNode.start(url, bound, kind))
    const revoked = await revokeAll(store, nodes, plan, total)
    const reports = await Promise.all(nodes.map((node) => node.report()))
    return boundJudgement(bound, revoked, reports, nodes)
  } finally {
    for (const node of nodes) node.stop()
    await store.close()
  }
}

/** Has sessions revoked by all nodes in turns, at a steady pace, and what is planned done. When its own were acknowledged. */
async function revokeAll(
  store: Store,
  nodes: readonly VerifyingNode[],
  { steps, seconds, answers, nodesRevoke }: Plan,
  total: number,
): Promise<Readonly<Record<string, number>>> {
  for (const node of nodes) node.tell({ next: 0, total })
  // With a cache that keeps something.
  await Promise.all(nodes.map((node) => node.hasVerified(500)))
  const [begun, left] = [steadyMillis(), [...steps]]
  const revoked: Record<string, number> = {}
  for (let next = 0; ; next++) {
    const elapsed = (steadyMillis() - begun) / 1000
    const verified = nodes.reduce((sum, node) => sum + node.verified, 0)
    if (elapsed > seconds && (verified >= answers || elapsed > seconds + 20)) break
    while (left[0] !== undefined && left[0][0] <= elapsed) left.shift()?.[1](nodes)
    for (const node of nodes) node.tell({ next, total })
    await wait(revokeEvery)
    // The last are never revoked, so that it is seen who serves again.
    if (next >= total - 50) continue
    const node = nodesRevoke ? nodes[next % (nodes.length + 1)] : undefined
    if (node !== undefined) node.tell({ revoke: next })
    else {
      await revokeOne(store, next)
      revoked[sessionId(next)] = steadyMillis()
    }
  }
  await wait(2 * bound)
  return revoked
}
