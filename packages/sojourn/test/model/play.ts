import { SessionError } from '../../src/core/errors.ts'
import type { Instant, Session } from '../../src/core/session.ts'
import type { Engine } from '../../src/engine/index.ts'
import type { Started } from '../../src/engine/start.ts'
import type { Token } from '../../src/engine/token.ts'
import { browser } from '../engine/an-engine.ts'
import type { Command, Pick } from './command.ts'
import type { Aim, Outcome } from './outcome.ts'

const request = { userAgent: browser, ip: '203.0.113.7', passive: false }
const nothing: Outcome = { came: 'nothing' }

/** Time that a command can move on. */
export interface Time {
  now(): Instant
  set(moment: Instant): void
}

/** The people of a run: they do what commands say, with the tokens that they were handed, old ones too. */
export class Play {
  readonly #clock: Time
  readonly #sessions: Session[] = []
  readonly #tokens: string[] = []
  readonly #refreshes: string[] = []

  constructor(clock: Time) {
    this.#clock = clock
  }

  /** Does what the command says at the engine of one node. */
  async run(command: Command, engine: Engine): Promise<Outcome> {
    switch (command.does) {
      case 'login':
      case 'visit as a guest':
        return this.#start(command, engine)
      case 'upgrade':
        return this.#upgrade(command, engine)
      case 'verify':
        return this.#verify(command, engine)
      case 'restore':
        return this.#restore(command, engine)
      case 'add':
      case 'update':
      case 'set':
        return this.#write(command, engine)
      case 'keep alive': {
        const id = picked(this.#sessions, command.pick)?.id
        return id === undefined ? nothing : { came: 'kept alive', id, session: await engine.touch(id) }
      }
      case 'end':
        return this.#end(command, engine)
      case 'void':
        await engine.voidBefore(command.aim, 'watermark')
        return { came: 'voided', aim: command.aim }
      case 'sweep':
        return { came: 'swept', ...(await engine.sweep(command.subject ?? undefined)) }
      case 'list':
        return { came: 'listed', state: command.state, ids: await listed(engine, command) }
      case 'flush':
        await engine.flush()
        return nothing
      case 'wait':
        this.#clock.set(this.#clock.now() + command.millis)
        return nothing
      case 'wait until': {
        const moment = await this.#moment(command, engine)
        if (moment !== null) this.#clock.set(Math.max(this.#clock.now(), moment + command.late))
        return nothing
      }
    }
  }

  async #start(
    command: Command & { readonly does: 'login' | 'visit as a guest' },
    engine: Engine,
  ): Promise<Outcome> {
    if (command.does !== 'login') return this.#began(await engine.start({ request }), null)
    const { subject, method, remember } = command
    const from = command.replaces === null ? null : (picked(this.#sessions, command.replaces)?.id ?? null)
    const replaces = from === null ? {} : { replaces: { id: from, reason: 'replaced_at_login' as const } }
    try {
      return this.#began(await engine.start({ subject, method, remember, request, ...replaces }), from)
    } catch (error) {
      return { came: 'refused', subject, from, code: codeOf(error) }
    }
  }

  async #upgrade(command: Command & { readonly does: 'upgrade' }, engine: Engine): Promise<Outcome> {
    const guests = this.#sessions.filter((session) => session.subject === null)
    const from = picked(guests, command.pick)?.id
    if (from === undefined) return nothing
    const { subject, remember } = command
    try {
      const started = await engine.upgrade(from, { subject, remember, request })
      return started === undefined ? { came: 'no guest', id: from, subject } : this.#began(started, from)
    } catch (error) {
      return { came: 'refused', subject, from, code: codeOf(error) }
    }
  }

  async #verify(command: Command & { readonly does: 'verify' }, engine: Engine): Promise<Outcome> {
    const { passive, lost, pick } = command
    const token = picked(this.#tokens, pick)
    if (token === undefined) return nothing
    const result = await engine.verify(token, { ...request, passive })
    if (result.state === 'active' && !lost) this.#hold(this.#tokens, result.token)
    return { came: 'verified', token, passive, result }
  }

  async #restore(command: Command & { readonly does: 'restore' }, engine: Engine): Promise<Outcome> {
    const refresh = picked(this.#refreshes, command.pick)
    if (refresh === undefined) return nothing
    try {
      const result = await engine.restore(refresh, request)
      if (result.state === 'restored' && !command.lost) this.#began(result.started, null)
      return { came: 'restored', refresh, result }
    } catch (error) {
      return { came: 'restoration refused', refresh, code: codeOf(error) }
    }
  }

  async #write(
    command: Command & { readonly does: 'add' | 'update' | 'set' },
    engine: Engine,
  ): Promise<Outcome> {
    const id = picked(this.#sessions, command.pick)?.id
    if (id === undefined) return nothing
    const write = () => {
      if (command.does === 'update')
        return engine.data.update(id, ({ count = 0 }) => ({ set: { count: Number(count) + 1 } }))
      return engine.data.write(
        id,
        command.does === 'add'
          ? { add: { count: command.amount } }
          : { set: { [command.key]: command.pick } },
      )
    }
    try {
      const { count = 0 } = await write()
      const more = command.does === 'update' ? 1 : command.does === 'add' ? command.amount : 0
      return { came: 'written', id, more, count: Number(count) }
    } catch (error) {
      return { came: 'not written', id, code: codeOf(error) }
    }
  }

  async #end(command: Command & { readonly does: 'end' }, engine: Engine): Promise<Outcome> {
    const session = picked(this.#sessions, command.pick)
    if (session === undefined) return nothing
    const { id, subject, family } = session
    const aims: { readonly [which in typeof command.which]: Aim } = {
      one: { id },
      all: { subject },
      others: { subject, except: id },
      family: family === null ? { id } : { family },
    }
    const aim = aims[command.which]
    const ended = await engine.end(aim, command.reason)
    return { came: 'ended', aim, reason: command.reason, ended: ended.map((one) => one.id).toSorted() }
  }

  async #moment(
    { moment, pick }: Command & { readonly does: 'wait until' },
    engine: Engine,
  ): Promise<Instant | null> {
    const id = picked(this.#sessions, pick)?.id
    const session = id === undefined ? undefined : await engine.get(id)
    if (session === undefined) return null
    return moment === 'expiry' ? engine.expiresAt(session, false) : session.rememberedUntil
  }

  /** Notes what was handed out. An answer that came twice is noted once. */
  #began(started: Started, from: string | null): Outcome {
    const { session, token, refresh } = started
    if (!this.#sessions.some(({ id }) => id === session.id)) this.#sessions.push(session)
    this.#hold(this.#tokens, token)
    this.#hold(this.#refreshes, refresh)
    return { came: 'started', from, started }
  }

  #hold(held: string[], token: Token | null): void {
    const text = token?.reveal()
    if (text !== undefined && !held.includes(text)) held.push(text)
  }
}

function picked<T>(items: readonly T[], pick: Pick): T | undefined {
  return items.length === 0 ? undefined : items[items.length - 1 - (pick % items.length)]
}

async function listed(
  engine: Engine,
  { state, page }: Command & { readonly does: 'list' },
): Promise<readonly string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const query: { cursor?: string } = cursor === null ? {} : { cursor }
    const { items, cursor: next } = await engine.list({ ...query, state, limit: page })
    ids.push(...items.map(({ id }) => id))
    cursor = next
  } while (cursor !== null)
  return ids
}

function codeOf(error: unknown): string {
  if (error instanceof SessionError) return error.code
  throw error
}
