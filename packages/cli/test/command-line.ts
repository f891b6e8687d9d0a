import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run as runIn } from '../src/run.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface CommandLine {
  readonly folder: string
  /** Runs the command as a process in its folder; `input` is piped into it. */
  run(args: readonly string[], input?: string, env?: Environment): Promise<Ended>
  /** The same, for an answer in JSON of a command that must succeed. */
  json<T>(args: readonly string[], input?: string): Promise<T>
  /** Runs it in this very process, which is faster; with `answers`, at a terminal where somebody types these lines. */
  here(args: readonly string[], answers?: readonly string[]): Promise<Ended>
  start(args: readonly string[], env?: Environment): ChildProcess
}
type Environment = { readonly [name: string]: string }

/** A folder of its own in which the real command runs as a process. The folder goes with the test. */
export async function aCommandLine(t: TestContext): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-cli-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const start = (args: readonly string[], env: Environment = {}): ChildProcess => {
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { PATH: '', ...env } })
    t.after(() => child.kill('SIGKILL'))
    return child
  }
  const run = async (args: readonly string[], input = '', env: Environment = {}): Promise<Ended> => {
    const child = start(args, env)
    const { stdin, stdout, stderr } = child
    if (stdin === null || stdout === null || stderr === null) throw new Error('no pipes')
    // A command that reads nothing may be gone before it is written to.
    stdin.on('error', () => {}).end(input)
    const [out, err] = await Promise.all([text(stdout), text(stderr), once(child, 'close')])
    return { code: child.exitCode, out, err }
  }
  return {
    folder,
    run,
    start,
    here: (args, answers) => runHere(folder, args, answers),
    async json<T>(args: readonly string[], input?: string): Promise<T> {
      const { code, out, err } = await run([...args, '--json'], input)
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`)
      return JSON.parse(out) as T
    },
  }
}

async function runHere(folder: string, args: readonly string[], answers?: readonly string[]): Promise<Ended> {
  const printed: string[] = []
  const said: string[] = []
  const left = [...(answers ?? [])]
  const input = Object.assign(new PassThrough(), { isTTY: answers !== undefined })
  if (answers === undefined) input.end()
  const code = await runIn(args, {
    env: {},
    folder,
    input,
    print: (text) => void printed.push(text),
    tell(text) {
      said.push(text)
      if (!/[:\]] $/.test(text)) return
      const line = left.shift()
      // Whoever asks begins to listen after it has asked.
      setImmediate(() => (line === undefined ? input.end() : input.write(`${line}\n`)))
    },
  })
  return { code, out: printed.join(''), err: said.join('') }
}
