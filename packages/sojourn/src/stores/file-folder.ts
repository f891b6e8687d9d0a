import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { invalidOption, SessionError } from '../core/errors.ts'
import { type FileOwner, isGone, readOwner, thisOwner } from './file-owner.ts'

/** File systems that several machines share: on them, what one machine sees of another's writes may be old. */
const shared: { readonly [type: number]: string } = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x5346414f: 'AFS',
  0x00c36400: 'Ceph',
}

const layout = 'sojourn.json'

/** The names in the folder of a store. What has another name is left alone. */
export class FileFolder {
  readonly path: string
  readonly self: FileOwner
  /** Tells this store from the others of the folder, in this process too. */
  readonly #token = randomUUID().slice(0, 13)

  constructor(path: string) {
    if (path === '') throw invalidOption('folder', 'the path of a folder', path)
    this.path = path
    mkdirSync(path, { recursive: true, mode: 0o700 })
    refuseOpen(path)
    refuseShared(path)
    const version = this.#version()
    if (version > 1)
      throw new SessionError(
        'store_unavailable',
        `${path} has the layout ${version} of a later release. Update sojourn`,
      )
    this.self = thisOwner()
    this.#tidy()
    writeFileSync(this.#own, JSON.stringify(this.self), { mode: 0o600, flag: 'wx' })
  }

  log(generation: number): string {
    return join(this.path, `log.${generation}`)
  }

  lock(generation: number): string {
    return join(this.path, `lock.${generation}`)
  }

  /** The next log while it is written. */
  get draft(): string {
    return join(this.path, `draft.${this.#token}`)
  }

  /** The newest log; 0: the folder is new. A folder that lost its logs is not new, and is refused. */
  newest(): number {
    for (let attempt = 0; attempt < 100; attempt++) {
      // A list that was read while logs came and went may lack them all. Once more, and it is the same or newer.
      const [first, second] = [this.#generations(), this.#generations()].map((all) => Math.max(0, ...all))
      if (first === second && (first !== 0 || !existsSync(join(this.path, layout)))) return second ?? 0
    }
    throw new SessionError(
      'store_unavailable',
      `${this.path} has lost its logs: nobody knows who is still signed in. Restore the folder, or start with an empty one`,
    )
  }

  /** Says that the folder is a store from now on. */
  noteLayout(): void {
    const path = join(this.path, layout)
    if (!existsSync(path)) writeFileSync(path, '{"store":"file","version":1}\n', { mode: 0o600 })
  }

  /** Takes a name that one alone can take; false where it is taken. It is there with its content, or not at all. */
  claim(name: string, content: string = this.#own): boolean {
    try {
      linkSync(content, name)
      return true
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    }
  }

  release(name: string): void {
    try {
      unlinkSync(name)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
  }

  /** Who holds a lock: whether he is certainly gone, and what is different with each taking. `undefined`: nobody. */
  holder(
    lock: string,
  ): { readonly isGone: boolean; readonly taking: string; readonly pid?: number } | undefined {
    try {
      const { ino, ctimeNs } = statSync(lock, { bigint: true })
      const owner = readOwner(readFileSync(lock, 'utf8'))
      const taking = `${ino} ${ctimeNs}`
      return owner === undefined
        ? { isGone: false, taking }
        : { isGone: isGone(owner, this.self), taking, pid: owner.pid }
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
  }

  /** Removes the logs and locks of before a generation. */
  removeBefore(generation: number): void {
    for (const name of readdirSync(this.path)) {
      const [, number] = /^(?:log|lock)\.([1-9]\d*)$/.exec(name) ?? []
      if (number !== undefined && Number(number) < generation) this.release(join(this.path, name))
    }
  }

  /** Makes what was written under a name outlive a loss of power. */
  sync(): void {
    const fd = openSync(this.path, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  }

  close(): void {
    this.release(this.#own)
  }

  get #own(): string {
    return join(this.path, `process.${this.#token}`)
  }

  #generations(): readonly number[] {
    return readdirSync(this.path)
      .flatMap((name) => /^log\.([1-9]\d*)$/.exec(name)?.[1] ?? [])
      .map(Number)
  }

  #version(): number {
    const path = join(this.path, layout)
    if (!existsSync(path)) return 1
    try {
      return Number((JSON.parse(readFileSync(path, 'utf8')) as { readonly version?: unknown }).version)
    } catch {
      // Its content says nothing that is needed yet.
      return 1
    }
  }

  /** Removes what processes left that were killed. */
  #tidy(): void {
    for (const name of readdirSync(this.path)) {
      const [, token] = /^process\.([\da-f-]{13})$/.exec(name) ?? []
      if (token === undefined || this.holder(join(this.path, name))?.isGone !== true) continue
      rmSync(join(this.path, `draft.${token}`), { force: true })
      rmSync(join(this.path, name), { force: true })
    }
  }
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** Hashes and addresses are in the folder: it is its owner's alone. */
function refuseOpen(path: string): void {
  const stat = statSync(path)
  if (!stat.isDirectory()) throw invalidOption('folder', 'a folder', path)
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0)
    throw invalidOption(
      'folder',
      'a folder that others cannot open (chmod 700)',
      `${path}, mode ${(stat.mode & 0o777).toString(8)}`,
    )
}

function refuseShared(path: string): void {
  const name = shared[statfsSync(path).type]
  if (name !== undefined)
    throw invalidOption('folder', 'a folder on a disk of this machine', `${path} on ${name}`)
}
