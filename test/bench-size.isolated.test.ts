import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { LargePostgres } from '../bench/size/large-postgres.ts'
import { missing } from './services/programs.ts'

const root = join(import.meta.dirname, '..')

test(
  'the bench of sizes finds its sessions on every page, sweeps all kinds of rows, and verifies meanwhile',
  { skip: missing('postgres') },
  async () => {
    const args = ['postgres', '--sessions', '600', '--rounds', '2', '--seconds', '0.2', '--json']
    // Its answer is that of a small machine and a small table: whether it keeps to the targets says nothing.
    const { stdout } = await promisify(execFile)('node', ['bench/main.ts', 'size', ...args], {
      cwd: root,
    }).catch((failed: { code: number; stdout: string }) => {
      assert.equal(failed.code, 1)
      return failed
    })
    const { postgres } = JSON.parse(stdout) as { postgres: LargePostgres }
    const { live, ended, bytes, indexes, pages, sweep, verify } = postgres
    assert.deepEqual([live, ended], [600, 3_000])
    assert.ok(indexes > 100 && bytes > indexes + 300 && bytes < 2_000)
    assert.deepEqual(new Set(pages.map(({ list }) => list)).size, 6)
    assert.ok(pages.some(({ page }) => page > 20))
    assert.ok(pages.every(({ p50, p99 }) => p50 > 0 && p99 >= p50))
    assert.ok(sweep.marked > 0 && sweep.purged > 0 && sweep.minimised > 0)
    assert.ok(
      verify.rows > 0 &&
        [verify.quiet, verify.burned, verify.swept].every(({ p50, p99 }) => p50 > 0 && p99 >= p50),
    )
  },
)
