import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathOf, type ProgramName, programs } from './programs.ts'

/** How to run one private instance of a server. */
export interface Instance {
  readonly program: ProgramName
  readonly args: (place: Place) => readonly string[]
  /** Makes the data folder ready, before the first start. */
  readonly prepare?: (place: Place) => Promise<void>
  /** Fails while the server does not answer yet. */
  readonly ask: (place: Place) => Promise<unknown>
  /** The account to run as where the tests run as root, since the server refuses to. */
  readonly account?: Account
}

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Where an instance runs: a free port of 127.0.0.1, and a folder that only it uses. */
export interface Place {
  readonly port: number
  readonly folder: string
}

const patience = 30_000
const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/**
 * A server of the tests' own: on loopback, with its data in a temporary folder, stopped by its process id. Nothing that runs
 * on the machine already is used or touched.
 */
export class ServerProcess {
  readonly place: Place
  readonly #instance: Instance
  #child: ChildProcess | undefined
  #said = ''

  private constructor(instance: Instance, place: Place) {
    this.#instance = instance
    this.place = place
  }

  static async start(instance: Instance): Promise<ServerProcess> {
    const folder = mkdtempSync(join(tmpdir(), `sojourn-${instance.program}-`))
    if (instance.account !== undefined) chownSync(folder, instance.account.uid, instance.account.gid)
    const server = new ServerProcess(instance, { port: await freePort(), folder })
    await instance.prepare?.(server.place)
    await server.restart()
    return server
  }

  get port(): number {
    return this.place.port
  }

  /** Starts it on the port and the data that it had. */
  async restart(): Promise<void> {
    const { program, args, account, ask } = this.#instance
    this.#said = ''
    const child = spawn(commandOf(program), args(this.place), {
      cwd: this.place.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...account,
    })
    this.#child = child
    running.add(child)
    child.once('exit', () => running.delete(child))
    const keep = (text: Buffer): void => void (this.#said = (this.#said + text.toString()).slice(-4_000))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    await this.#untilItAnswers(child, () => ask(this.place))
  }

  /** Ends it as a power failure would, and waits until it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** It stands still, with its connections open, until `resume`. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Ends it for good, with its data. */
  async stop(): Promise<void> {
    await this.#end('SIGKILL')
    rmSync(this.place.folder, { recursive: true, force: true })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  async #untilItAnswers(child: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
    const until = performance.now() + patience
    for (;;) {
      try {
        await ask()
        return
      } catch (error) {
        const isOver = child.exitCode !== null || child.signalCode !== null
        if (isOver || performance.now() > until) throw this.#noAnswer(error)
        await wait(20)
      }
    }
  }

  #noAnswer(cause: unknown): Error {
    const { name } = programs[this.#instance.program]
    return new Error(`${name} did not come up on port ${this.port}. It said:\n${this.#said}`, { cause })
  }
}

/** Where the command stands; an error that says what to install. */
export function commandOf(name: ProgramName, command?: string): string {
  const program = programs[name]
  const path = pathOf(program, command)
  if (path !== undefined) return path
  throw new Error(
    `${program.name} is needed to test ${program.proves}, and ${command ?? program.command} was not found. ` +
      `Install the package ${program.debian}, or start from compose.yaml`,
  )
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('A TCP address was expected')
  return address.port
}

/** Whether something accepts connections there. */
export async function connects(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
