import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { temporaryFile } from './temporary.ts'

const victim = fileURLToPath(new URL('victim.ts', import.meta.url))

/** Lets a process log in and out until it has said so many lines, and kills it. What it said is what was answered. */
async function killedAfter(path: string, first: number, lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [victim, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  let said = ''
  for await (const chunk of child.stdout) {
    said += String(chunk)
    if (said.split('\n').length > lines) child.kill('SIGKILL')
  }
  assert.deepEqual(await exit, [null, 'SIGKILL'])
  return said.split('\n').slice(0, -1)
}

test('P-23 JAD-19 killed again and again: no login that was answered is lost, and no logout is undone', async (context) => {
  const path = temporaryFile(context)
  const answered: string[] = []
  for (let round = 0; round < 8; round++)
    answered.push(...(await killedAfter(path, round * 1_000_000, 20 + round * 7)))
  const store = sqlite(path)
  context.after(() => store.close?.())
  for (const line of answered) {
    const session = (await store.find(`s-${line.slice(1)}`))?.session
    assert.ok(session, `${line} is lost`)
    if (line.startsWith('-')) assert.equal(session.endReason, 'user_logout', line)
  }
})
