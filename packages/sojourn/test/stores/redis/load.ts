import assert from 'node:assert/strict'
import { isLive, type Session } from '../../../src/core/session.ts'
import type { Store } from '../../../src/core/store.ts'
import { hour, newSession, start } from '../../../src/testing/fixtures.ts'

const subjects = ['u-1', 'u-2', 'u-3', 'u-4']
const most = 3
const at = start + hour / 4

/** Logins, each with a session below it, writes and logouts, as fast as they are answered; notes what was acknowledged. */
export class Load {
  readonly created = new Set<string>()
  readonly ended = new Set<string>()
  /** How often each session's counter was raised. */
  readonly added = new Map<string, number>()
  /** Logouts that were not answered may have happened or not. */
  failures = 0
  readonly #store: Store
  #stopped = false
  #running: readonly Promise<void>[] = []

  constructor(store: Store) {
    this.#store = store
  }

  begin(workers = 8): void {
    this.#running = Array.from({ length: workers }, (_, worker) => this.#work(worker))
  }

  /** Until so many more were answered. */
  async answered(more: number): Promise<void> {
    const enough = this.created.size + more
    const until = performance.now() + 30_000
    while (this.created.size < enough) {
      assert.ok(performance.now() < until, `${this.created.size} were answered, ${this.failures} were not`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#running)
  }

  async #work(worker: number): Promise<void> {
    const subject = subjects[worker % subjects.length] ?? ''
    for (let turn = 0; !this.#stopped; turn++) {
      const id = `w${worker}-${turn}`
      await this.#try(async () => {
        const limit = { most, onExceed: 'evict' } as const
        await this.#store.create(newSession({ id, subject, data: { n: 0 } }), { limit })
        this.created.add(id)
        // Below it, in another realm: it must never outlive it.
        await this.#store.create(newSession({ id: `${id}-app`, subject, realm: 'app', parent: id }))
        this.created.add(`${id}-app`)
      })
      await this.#try(async () => {
        const written = await this.#store.write(id, { add: { n: 1 } }, { at })
        if (written.status === 'written') this.added.set(id, 1)
      })
      if (turn % 3 !== 0) continue
      await this.#try(async () => {
        await this.#store.end({ realm: 'main', id }, { at, reason: 'user_logout' })
        this.ended.add(id)
      })
    }
  }

  async #try(run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      assert.equal((error as { readonly code?: unknown }).code, 'store_unavailable', String(error))
      this.failures++
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** What was acknowledged and is not there: logins, logouts, writes. */
  async lost(): Promise<readonly string[]> {
    const lost: string[] = []
    for (const id of this.created) {
      const found = await this.#store.find(id)
      if (found === undefined) lost.push(`the login of ${id}`)
      else if (this.ended.has(id) && found.session.endedAt === null) lost.push(`the logout of ${id}`)
      else if (this.added.has(id) && found.data['n'] !== 1) lost.push(`the write to ${id}`)
    }
    return lost
  }
}

/** No step was half done: limits hold, nothing outlives what it stands below, every index agrees with every record. */
export async function noHalfState(store: Store): Promise<void> {
  const all = new Map<string, Session>()
  for (const realm of ['main', 'app'])
    for (const session of await listed(store, realm, 'any')) all.set(session.id, session)
  for (const subject of subjects) {
    const live = [...all.values()].filter(
      (session) => session.realm === 'main' && session.subject === subject && isLive(session, at),
    )
    assert.ok(live.length <= most, `${subject} has ${live.length} sessions`)
  }
  for (const session of all.values()) {
    const found = await store.find(session.id)
    assert.deepEqual(found?.session, session)
    const parent = session.parent === null ? undefined : all.get(session.parent)
    // An eviction may come between the two logins; a logout comes after both.
    if (parent !== undefined && parent.endedAt !== null && parent.endReason === 'user_logout')
      assert.notEqual(session.endedAt, null, `${session.id} outlived ${parent.id}`)
  }
  const [live, ended] = [await listed(store, 'main', 'live'), await listed(store, 'main', 'ended')]
  const known = [...all.values()].filter(({ realm }) => realm === 'main')
  assert.equal(live.length + ended.length, known.length, 'each is live or ended')
}

async function listed(
  store: Store,
  realm: string,
  state: 'any' | 'live' | 'ended',
): Promise<readonly Session[]> {
  const items: Session[] = []
  let cursor: string | null = null
  do {
    const next: { cursor?: string } = cursor === null ? {} : { cursor }
    const page = await store.list({ realm, at, state, limit: 500, ...next })
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor !== null)
  return items
}
