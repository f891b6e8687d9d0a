import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * Keeps a process on one core where the machine has several and can do it (`taskset` on Linux), so that a server and its load
 * do not share one. Elsewhere the operating system places them.
 */
export function pin(processId: number | undefined, core: number): void {
  if (processId === undefined || process.platform !== 'linux' || availableParallelism() < 2) return
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(processId)], {
    stdio: 'ignore',
  })
}
