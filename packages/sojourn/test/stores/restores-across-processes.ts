import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../../src/engine/index.ts'
import { secret } from '../engine/an-engine.ts'
import { storeAt } from './store-at.ts'

const script = fileURLToPath(new URL('restore-process.ts', import.meta.url))
const [processes, devices, times] = [3, 150, 2]

interface Said {
  readonly statuses: readonly string[]
  /** By device, what each presentation was given. */
  readonly found: readonly (readonly string[])[]
}

/**
 * A-06 across nodes: three processes present the refresh token of each of some devices at once, several times. One of them
 * spends it, all others hear `grace`, all are given the same, and one session stands for a device.
 *
 *     restoresAcrossProcesses('PostgreSQL', () => aFreshUrl(), { skip: missing('postgres') })
 */
export function restoresAcrossProcesses(
  name: string,
  freshUrl: () => Promise<string>,
  { skip = false }: { readonly skip?: string | false } = {},
): void {
  const title = `A-06 R-49 P-16 one refresh token in ${processes} processes at once on ${name}: one spends it, all get the same session`
  test(title, { skip }, async () => {
    const url = await freshUrl()
    const store = await storeAt(url)
    // Many at once wait for each other, and for the processes that begin.
    const policy = { extends: 'stay-logged-in', storeTimeout: '1m' } as const
    const engine = createEngine({ store, secret, policy, sweepEvery: null })
    const nodes = Array.from({ length: processes }, () =>
      spawn(process.execPath, [script, url, String(times)]),
    )
    try {
      const started = await Promise.all(
        Array.from({ length: devices }, (_, n) => engine.start({ subject: `u-${n}`, remember: true })),
      )
      await Promise.all(nodes.map(untilReady))
      const answers = nodes.map(({ stdout, stderr }) => Promise.all([text(stdout), text(stderr)]))
      const tokens = JSON.stringify(started.map(({ refresh }) => refresh?.reveal()))
      for (const { stdin } of nodes) stdin.write(`${tokens}\n`)
      const said = (await Promise.all(answers)).map(([out, errors]) => {
        assert.notEqual(out, '', errors)
        return JSON.parse(out) as Said
      })
      const statuses = said.flatMap((one) => one.statuses)
      assert.equal(statuses.filter((status) => status === 'spent').length, devices)
      assert.equal(statuses.filter((status) => status === 'grace').length, devices * (processes * times - 1))
      for (let device = 0; device < devices; device++)
        assert.equal(new Set(said.flatMap(({ found }) => found[device] ?? [])).size, 1)
      const { items } = await engine.list({ state: 'live', limit: 1_000 })
      assert.equal(items.length, devices)
      assert.ok(items.every(({ restored }) => restored))
      for (const { session } of started)
        assert.equal((await engine.get(session.id))?.endReason, 'remember_restored')
    } finally {
      for (const node of nodes) node.kill('SIGKILL')
      await engine.close()
    }
  })
}

async function untilReady(node: ChildProcessWithoutNullStreams): Promise<void> {
  const exit = once(node, 'exit').then(async () => {
    throw new Error('a node ended before it was ready')
  })
  await Promise.race([once(node.stdout, 'data'), exit])
  exit.catch(() => undefined)
}
