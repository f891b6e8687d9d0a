import { readFileSync, readlinkSync } from 'node:fs'

/** Who holds a lock. A number of a process says it only on one machine since it started, in one space of such numbers. */
export interface FileOwner {
  readonly pid: number
  /** When the process began, as the kernel counts: another process with its number began later. Empty: not known here. */
  readonly started: string
  /** Tells one start of the machine from the next. Empty: not known here. */
  readonly boot: string
  /** The space that the number is of: each container has its own. Empty: not known here. */
  readonly space: string
}

export function thisOwner(): FileOwner {
  return {
    pid: process.pid,
    started: startOf(process.pid),
    boot: readOr('', () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    space: readOr('', () => readlinkSync('/proc/self/ns/pid')),
  }
}

/** Whether the owner certainly runs no more. One that cannot be judged from here counts as running. */
export function isGone(owner: FileOwner, self: FileOwner): boolean {
  if (owner.boot !== self.boot) return true
  if (owner.space !== self.space) return false
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
  return owner.started !== startOf(owner.pid)
}

/** `undefined`: the text names nobody. */
export function readOwner(text: string): FileOwner | undefined {
  const value = readOr<unknown>(undefined, () => JSON.parse(text))
  if (typeof value !== 'object' || value === null) return undefined
  const { pid, started, boot, space } = value as { readonly [key in keyof FileOwner]?: unknown }
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined
  if (typeof started !== 'string' || typeof boot !== 'string' || typeof space !== 'string') return undefined
  return { pid, started, boot, space }
}

/** The 22nd field of the line; the second is a name in parentheses that may hold anything. */
function startOf(pid: number): string {
  const line = readOr('', () => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
