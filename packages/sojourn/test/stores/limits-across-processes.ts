import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Store } from '../../src/core/store.ts'
import { storeAt } from './store-at.ts'

const logins = [67, 67, 66] as const
const script = fileURLToPath(new URL('login-process.ts', import.meta.url))

/**
 * P-07 across nodes: 200 parallel correct logins of one subject from three processes, for a limit of 1 to 5. Never more than
 * the limit live at any sample, exactly the limit at the end, every login answered, every excess one evicted.
 *
 *     limitsAcrossProcesses('PostgreSQL', () => aFreshUrl(), { skip: missing('postgres') })
 *
 * `freshUrl` names an empty store, in a form that `store-at.ts` opens.
 */
export function limitsAcrossProcesses(
  name: string,
  freshUrl: () => Promise<string>,
  { skip = false }: { readonly skip?: string | false } = {},
): void {
  for (const most of [1, 2, 3, 4, 5]) {
    const title = `P-07 200 parallel logins from 3 processes on ${name}: never more than ${most}, exactly ${most} at the end`
    test(title, { skip }, async () => {
      const url = await freshUrl()
      const store = await storeAt(url)
      try {
        await loginsUnderALimit(store, url, most)
      } finally {
        await store.close()
      }
    })
  }
}

async function loginsUnderALimit(store: Store, url: string, most: number): Promise<void> {
  assert.equal(await liveOf(store), 0)
  const nodes = logins.map((count) => spawn(process.execPath, [script, url, String(count), String(most)]))
  try {
    await Promise.all(nodes.map(untilReady))
    const answers = nodes.map(({ stdout, stderr }) => Promise.all([text(stdout), text(stderr)]))
    const over = Promise.all(nodes.map(async (node) => (await once(node, 'exit'))[0] as unknown))
    for (const { stdin } of nodes) stdin.write('go\n')
    const samples = await samplesUntil(over, () => liveOf(store))
    const said = await Promise.all(answers)
    assert.deepEqual(await over, [0, 0, 0], said.map(([, errors]) => errors).join('\n'))
    assert.ok(samples.length >= 5, `only ${samples.length} samples were taken`)
    assert.ok(Math.max(...samples) <= most, `${Math.max(...samples)} were live at once`)
    assert.equal(await liveOf(store), most)
    const ids = said.flatMap(([ids]) => JSON.parse(ids) as string[])
    assert.equal(new Set(ids).size, 200)
    const found = await Promise.all(ids.map(async (id) => (await store.find(id))?.session))
    const evicted = found.filter((session) => session?.endReason === 'evicted_by_limit')
    assert.equal(evicted.length, 200 - most)
  } finally {
    for (const node of nodes) node.kill('SIGKILL')
  }
}

async function untilReady(node: ChildProcessWithoutNullStreams): Promise<void> {
  let complaint = ''
  node.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const ready = once(node.stdout, 'data')
  const exit = once(node, 'exit').then(() => {
    throw new Error(`A node ended before it was ready: ${complaint}`)
  })
  await Promise.race([ready, exit])
  exit.catch(() => undefined)
}

async function liveOf(store: Store): Promise<number> {
  const query = { realm: 'main', subject: 'u-1', state: 'live', at: Date.now(), limit: 1000 } as const
  return (await store.list(query)).items.length
}

/** What is seen, again and again, until something is over. */
async function samplesUntil(over: Promise<unknown>, see: () => Promise<number>): Promise<readonly number[]> {
  let isOver = false
  const end = over.then(() => (isOver = true))
  const samples: number[] = []
  while (!isOver) {
    samples.push(await see())
    // A turn of the loop, so that a store that answers at once lets the processes be heard.
    await new Promise((resolve) => setImmediate(resolve))
  }
  await end
  return samples
}
