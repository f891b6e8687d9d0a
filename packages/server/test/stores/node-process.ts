import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { secret } from '../a-server.ts'
import { Browser } from '../browser.ts'

/** A server as a process of its own. */
export interface NodeProcess {
  readonly origin: string
  /** All that it wrote. */
  readonly said: () => string
  browser(): Browser
  /** Asks it to end in good order, and tells its exit code. */
  stop(): Promise<number | null>
  kill(): void
}

/** What a start that failed left: its exit code, and all that it wrote. */
export interface FailedStart {
  readonly code: number | null
  readonly said: string
}

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** A production start. */
const serve = join(import.meta.dirname, '../serve.ts')

type Environment = { readonly [name: string]: string }

/** Starts a server over a store, with its accounts in a folder that nodes may share. */
export async function startNode(folder: string, env: Environment, program = serve): Promise<NodeProcess> {
  const { child, said, outcome } = spawnNode(folder, env, program)
  const port = await outcome
  if (typeof port !== 'number') throw new Error(`it did not start: ${said()}`)
  const origin = `http://localhost:${port}`
  return {
    origin,
    said,
    browser: () => new Browser(origin),
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Starts one that cannot run. */
export async function failToStart(folder: string, env: Environment): Promise<FailedStart> {
  const { child, said, outcome } = spawnNode(folder, env)
  // It hangs: then it has no exit code.
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  const port = await outcome
  clearTimeout(timer)
  if (port === undefined) return { code: child.exitCode, said: said() }
  child.kill('SIGKILL')
  return assert.fail('it started')
}

function spawnNode(
  folder: string,
  more: Environment,
  program = serve,
): {
  readonly child: ChildProcess
  readonly said: () => string
  readonly outcome: Promise<number | undefined>
} {
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    SOJOURN_HOST: '127.0.0.1',
    SOJOURN_DATA: folder,
    SOJOURN_SECRET: secret,
    ...more,
  }
  const child = spawn(process.execPath, [program], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let said = ''
  const { promise: outcome, resolve } = Promise.withResolvers<number | undefined>()
  const hear = (chunk: Buffer): void => {
    said += chunk.toString()
    const [, port] = /"port":(\d+)/.exec(said) ?? []
    if (port !== undefined) resolve(Number(port))
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  child.once('close', () => resolve(undefined))
  return { child, said: () => said, outcome }
}
