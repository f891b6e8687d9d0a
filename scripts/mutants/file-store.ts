import type { Mutant } from './mutant.ts'

const log = 'packages/sojourn/src/stores/file-log.ts'
const tests = 'packages/sojourn/test/stores/file'

/** A folder that several processes share: steps that are lost, half, or done by two at once. */
export const fileStoreMutants: readonly Mutant[] = [
  {
    name: 'file-acknowledges-in-a-sealed-log',
    file: log,
    find: 'if (!this.#look().isSealed) return\n    this.#follow()',
    replace: 'if (this.#fd >= 0) return\n    this.#follow()',
    why: 'a process that stood still would say that it logged in whom the next log does not know',
    tests: [`${tests}/lock.test.ts`],
  },
  {
    name: 'file-half-a-line-stays',
    file: log,
    find: 'if (!isSealed && this.#readTo(size)) return lock',
    replace: 'if (!isSealed && (this.#readTo(size) || size > 0)) return lock',
    why: 'what is written after half a line of one who was killed would be lost with it',
    tests: [`${tests}/damage.test.ts`, `${tests}/killed.test.ts`],
  },
  {
    name: 'file-replaces-before-reading-to-the-end',
    file: log,
    find: 'fchmodSync(this.#fd, sealed)\n    this.#readTo(this.#look().size)',
    replace: 'fchmodSync(this.#fd, sealed)',
    why: 'what others wrote since the last look would not be in the next log',
    tests: [`${tests}/lock.test.ts`, `${tests}/killed.test.ts`],
  },
  {
    name: 'file-goes-on-from-anywhere',
    file: log,
    find: 'if (first?.after !== this.#read ||',
    replace: 'if (first === undefined ||',
    why: 'a process would go on without what the log before said at its end',
    tests: [`${tests}/lock.test.ts`],
  },
  {
    name: 'file-sealed-log-is-the-last',
    file: log,
    find: 'if (isSealed) this.#follow()\n    return this.#state',
    replace: 'return this.#state',
    why: 'a process would go on reading a log that nobody writes to, and hear of no sign-out any more',
    tests: [`${tests}/sharing.test.ts`],
  },
  {
    name: 'file-reads-only-its-own',
    file: log,
    find: 'if (size > this.#read) this.#readTo(size)',
    replace: '',
    why: 'what another process ended would live on in this one',
    tests: [`${tests}/sharing.test.ts`],
  },
  {
    name: 'file-lock-of-the-living-is-passed-over',
    file: 'packages/sojourn/src/stores/file-owner.ts',
    find: 'if (owner.space !== self.space) return false',
    replace: 'if (owner.space !== self.space) return true',
    why: 'a process in another container would be taken for gone at every step',
    tests: [`${tests}/lock.test.ts`],
  },
  {
    name: 'file-damage-is-forgotten',
    file: 'packages/sojourn/src/stores/file-state.ts',
    find: "this.#table.damaged.has(id) ? ([{ kind: 'damage', id }] as const) : []",
    replace: '[]',
    why: 'a session that somebody may have ended would live again once the log is written anew',
    tests: [`${tests}/damage.test.ts`],
  },
  {
    name: 'file-names-are-not-checked',
    file: 'packages/sojourn/src/stores/file-line.ts',
    find: '|| checksum(names) !== ofNames',
    replace: '',
    why: 'damage to a name would be laid to a session that it is not about',
    tests: [`${tests}/damage.test.ts`],
  },
  {
    name: 'file-lost-logs-begin-anew',
    file: 'packages/sojourn/src/stores/file-folder.ts',
    find: 'if (first === second && (first !== 0 || !existsSync(join(this.path, layout)))) return second ?? 0',
    replace: 'if (first === second) return second ?? 0',
    why: 'a folder that lost its logs would know nobody who was signed out',
    tests: [`${tests}/folder.test.ts`],
  },
]
