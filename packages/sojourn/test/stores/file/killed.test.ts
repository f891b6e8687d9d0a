import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { file } from '../../../src/stores/file.ts'
import { memory } from '../../../src/stores/memory.ts'
import { contents, runStep } from './steps.ts'
import { temporaryFolder } from './temporary.ts'

const victim = fileURLToPath(new URL('victim.ts', import.meta.url))

/** Runs steps from a number on until the process is killed; how many it said were done. */
function runUntilKilled(folder: string, first: number, fatal: number, phase: string): number {
  const args = [victim, folder, String(first), String(fatal), phase]
  const { stdout, stderr, signal } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(signal, 'SIGKILL', stderr)
  return stdout.length
}

/** How many steps a store has seen: as many as were told, or the one more that was under way. Anything else fails. */
async function stepsIn(folder: string, told: number): Promise<number> {
  const store = file(folder)
  const model = memory()
  for (let number = 0; number < told; number++) await runStep(model, number)
  const seen = JSON.stringify(await contents(store, told))
  const wanted = JSON.stringify(await contents(model, told))
  await runStep(model, told)
  const oneMore = JSON.stringify(await contents(model, told))
  await store.close?.()
  assert.ok(seen === wanted || seen === oneMore, `after ${told} steps: a half step, or one that is lost`)
  return seen === wanted ? told : told + 1
}

for (const phase of ['before', 'half', 'after']) {
  test(`P-23 JAD-19 killed ${phase} any call of the file system: no step is lost, none is half, the next goes on`, async () => {
    let folder = temporaryFolder()
    let steps = 0
    for (let kills = 0; kills < 22; kills++) {
      if (kills % 11 === 0) [folder, steps] = [temporaryFolder(), 0]
      // Small numbers fall into the opening, the others into steps and into logs that are written anew.
      const fatal = kills < 11 ? 1 + kills * 2 : 10 + ((kills * 17) % 97)
      const done = runUntilKilled(folder, steps, fatal, phase)
      steps = await stepsIn(folder, steps + done)
    }
    const store = file(folder)
    await runStep(store, steps)
    await store.close?.()
    const names = readdirSync(folder)
    assert.deepEqual(
      names.filter((name) => !/^(log\.\d+|sojourn\.json)$/.test(name)),
      [],
      'nothing is left of those who were killed',
    )
  })
}
