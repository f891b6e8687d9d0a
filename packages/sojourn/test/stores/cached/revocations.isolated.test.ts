import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Timing } from '../../../src/stores/timing.ts'
import type { FakeClock } from '../../../src/testing/clock.ts'
import { hour, second } from '../../../src/testing/fixtures.ts'
import { World, type WorldNode } from './a-world.ts'

/** Numbers from 0 to 1 that are the same in every run of a seed. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

/** What goes wrong, at each second of a run. */
type Trouble = (world: World, elapsed: number, random: () => number) => void

const nodeOf = ({ nodes }: World, index: number): WorldNode => {
  const node = nodes[index % nodes.length]
  assert.ok(node)
  return node
}

const troubles: { readonly [name: string]: Trouble } = {
  'nothing is wrong': () => {},
  'notifications are dropped': ({ nodes }) => {
    for (const { line } of nodes) line.isDeaf = true
  },
  'calls and answers are late by up to three seconds': ({ nodes }, _elapsed, random) => {
    for (const { line } of nodes) line.delay = () => Math.floor(random() ** 8 * 3 * second)
  },
  'the feed of a node is cut, again and again, for five seconds': (world, elapsed) => {
    if (elapsed % 7 === 0) nodeOf(world, elapsed).line.cut = 'feed'
    if (elapsed % 7 === 5) for (const { line } of world.nodes) line.cut = 'none'
  },
  'a node is cut off, again and again, for five seconds': (world, elapsed) => {
    if (elapsed % 7 === 0) nodeOf(world, elapsed).line.cut = 'all'
    if (elapsed % 7 === 5) for (const { line } of world.nodes) line.cut = 'none'
  },
  'a node stands still for ten seconds': (world, elapsed) => {
    if (elapsed % 15 === 3) nodeOf(world, elapsed).stop()
    if (elapsed % 15 === 13) for (const node of world.nodes) if (node.isStopped) wake(world, node)
  },
  'clocks are set by an hour, forward and back': (world, elapsed, random) => {
    const { clock, line } = nodeOf(world, Math.floor(random() * 3))
    clock.step(elapsed % 2 === 0 ? hour : -hour)
    line.cut = random() < 0.3 ? 'feed' : 'none'
  },
}

/** What requests waited for it are answered before any timer runs. */
function wake(world: World, node: WorldNode): void {
  for (const { id } of world.sessions) world.verify(node, id)
  node.goOn()
}

/** A minute in which three nodes verify and revoke, and something is wrong. */
async function run(trouble: Trouble, seed: number, timing?: (clock: FakeClock) => Timing): Promise<World> {
  const random = chance(seed)
  const world = new World(timing)
  for (let elapsed = 0; elapsed < 60; elapsed++) {
    trouble(world, elapsed, random)
    for (let step = 0; step < 400; step++) {
      await world.advance(step % 2 === 0 ? 2 : 3)
      while (world.sessions.filter(({ deadSince }) => deadSince === undefined).length < 20)
        await world.begin()
      const dead = world.sessions.filter(({ deadSince }) => deadSince !== undefined)
      // Those that were revoked last are the interesting ones.
      const of = random() < 0.2 ? dead.slice(-3) : world.sessions
      const pick = of[Math.floor(random() * of.length)]
      const node = nodeOf(world, Math.floor(random() * 3))
      if (pick === undefined || node.isStopped) continue
      if (random() < 0.03) revoke(world, node, pick, random())
      else world.verify(node, pick.id)
    }
    world.forgetLongDead()
  }
  return world
}

function revoke(
  { now }: World,
  { cache }: WorldNode,
  { id, subject }: { readonly id: string; readonly subject: string },
  kind: number,
): void {
  const end = { at: now, reason: 'admin_revoked' } as const
  const called =
    kind < 0.7
      ? cache.end({ realm: 'main', id }, end)
      : kind < 0.85
        ? cache.end({ realm: 'main', subject }, end)
        : cache.voidBefore({ realm: 'main', subject }, { at: now, reason: 'credential_changed' })
  // Nobody waits for it: what counts is when it was committed.
  if (called instanceof Promise) called.catch(() => {})
}

for (const [name, trouble] of Object.entries(troubles)) {
  test(`P-19 R-20 A-03 no node says "active" later than the bound: ${name}`, async () => {
    const world = await run(trouble, 1)
    const { record, nodes, bound } = world
    assert.deepEqual(record.breaches(bound), [])
    assert.ok(record.operations >= 10_000, `${record.operations} operations were recorded`)
    assert.ok(record.revocations >= 200, `${record.revocations} were revoked`)
    assert.ok(record.delays.length > 0, 'some answers were late, or nothing was put to the test')
    const fromMemory = nodes.reduce((sum, node) => sum + node.fromMemory, 0)
    assert.ok(fromMemory > 3_000, `${fromMemory} answers came from memory`)
  })
}

test('P-19 where nothing is wrong, a revocation is seen on every node within the time of two answers', async () => {
  const { record } = await run(() => {}, 2)
  assert.ok(Math.max(...record.delays) <= 10, `the latest was ${Math.max(...record.delays)} ms late`)
})

/** Clocks by which nothing ever grows old: what is left of a cache whose lease is not looked at. */
const ageless = (clock: FakeClock): Timing => ({
  now: () => 0,
  elapsed: () => 0,
  after: (delay, go) => clock.after(delay, go),
})

for (const name of [
  'the feed of a node is cut, again and again, for five seconds',
  'a node is cut off, again and again, for five seconds',
  'a node stands still for ten seconds',
  'calls and answers are late by up to three seconds',
] as const) {
  test(`P-19 without a look at the lease the record shows breaches: ${name}`, async () => {
    const trouble = troubles[name]
    assert.ok(trouble)
    const { record, bound } = await run(trouble, 1, ageless)
    assert.ok(record.breaches(bound).length > 0)
  })
}
