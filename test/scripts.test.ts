import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')

for (const name of ['test', 'coverage', 'mutants', 'package']) {
  test(`npm run ${name} tells what it takes, and refuses what it does not take`, () => {
    const asked = run(name, '--help')
    assert.deepEqual({ status: asked.status, stderr: asked.stderr }, { status: 0, stderr: '' })
    assert.match(asked.stdout, /^Usage: npm /)
    const before = readdirSync(root)
    const wrong = run(name, '--bogus')
    assert.equal(wrong.status, 2)
    assert.match(wrong.stderr, /^Unknown option '--bogus'/)
    assert.ok(wrong.stderr.includes(asked.stdout), 'the way out is shown')
    assert.doesNotMatch(wrong.stderr, /^ +at /m)
    assert.deepEqual(readdirSync(root), before)
  })
}

function run(name: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [join(root, 'scripts', `${name}.ts`), ...args], {
    cwd: root,
    encoding: 'utf8',
  })
}
