import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** What `first-failure.ts` prints. */
export interface FirstFailure {
  readonly passed: number
  readonly failed: string | null
}

export type Verdict =
  | { readonly state: 'killed'; readonly by: string }
  /** The tests did not end in time: a fault that hangs is found too, but nobody is told where. */
  | { readonly state: 'hung' }
  | { readonly state: 'survived'; readonly passed: number }
  /** The tests could not be run at all, which says nothing about them. */
  | { readonly state: 'broken'; readonly said: string }

/** Sequences of the model a run, so that a fault is met and a trial stays short. */
const modelRuns = '3000'

const running = new Set<ChildProcess>()

/** Runs test files of a copy of the repository until one fails, at most for `limit` milliseconds. */
export function runTrial(root: string, tests: readonly string[], limit: number): Promise<Verdict> {
  return new Promise((resolve) => {
    const script = join(root, 'scripts/mutants/first-failure.ts')
    const child = spawn(process.execPath, [script, ...tests.map((test) => join(root, test))], {
      cwd: root,
      // A group of its own, so that what the tests start can be stopped with them.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MODEL_RUNS: modelRuns },
    })
    running.add(child)
    let told = ''
    let said = ''
    let late = false
    const timer = setTimeout(() => {
      late = true
      stop(child)
    }, limit)
    child.stdout.on('data', (text: Buffer) => (told += text.toString()))
    child.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4_000)))
    child.once('error', (error) => (said += error.message))
    child.once('close', () => {
      clearTimeout(timer)
      stop(child)
      running.delete(child)
      resolve(late ? { state: 'hung' } : verdictOf(told, said))
    })
  })
}

/** Stops whatever runs. */
export function stopTrials(): void {
  for (const child of running) stop(child)
}

function stop({ pid }: ChildProcess): void {
  if (pid === undefined) return
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' })
    return
  }
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group has ended.
  }
}

function verdictOf(told: string, said: string): Verdict {
  const line = told.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{"passed"')) return { state: 'broken', said: said.trim() || told.trim() }
  const { passed, failed } = JSON.parse(line) as FirstFailure
  // A file that does not load fails as a test of its own, under its path.
  if (failed !== null && failed.endsWith('.test.ts')) return { state: 'broken', said: failed }
  return failed === null ? { state: 'survived', passed } : { state: 'killed', by: failed }
}
