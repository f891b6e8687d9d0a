import { hash, randomBytes } from 'node:crypto'
import type { Instant, Session, SessionEvent } from 'sojourn'

/** What the outbox tells of. `webhook.test` goes to the endpoint that asked for it, and nowhere else. */
export const outboxTypes = [
  'session.started',
  'session.ended',
  'login.refused',
  'token.reused',
  'refresh.reused',
] as const
export type OutboxType = (typeof outboxTypes)[number]

/** Public ids, reasons and moments: nothing of it opens anything, and nothing tells where or by what device somebody was. */
export interface OutboxEvent {
  readonly id: string
  readonly type: OutboxType | 'webhook.test'
  /** Events about one session are told in their order; empty: about none. */
  readonly session: string
  readonly at: Instant
  readonly data: { readonly [name: string]: string | number | null }
}

/** What the outbox keeps of an event of the engine; `undefined`: it is not told. */
export function outboxEventOf(event: SessionEvent): OutboxEvent | undefined {
  switch (event.type) {
    case 'session.started':
    case 'session.activated':
      return startOf(event.session)
    case 'session.ended':
      return endOf(event.session)
    case 'login.refused': {
      const { at, subject, reason } = event
      return { id: byChance(), type: event.type, session: '', at, data: { subject, reason } }
    }
    case 'token.reused':
    case 'refresh.reused': {
      const { type, at, session } = event
      return { id: byChance(), type, session: session.id, at, data: about(session) }
    }
    default:
      return undefined
  }
}

/** A session becomes its subject's once: however often it is told, the id is the same. Nobody hears of guests. */
export function startOf(session: Session): OutboxEvent | undefined {
  const { id, subject, activatedAt: at } = session
  if (subject === null || at === null) return undefined
  return {
    id: derived('session.started', id),
    type: 'session.started',
    session: id,
    at,
    data: about(session),
  }
}

/** As `startOf`: a session ends once. */
export function endOf(session: Session): OutboxEvent | undefined {
  const { id, subject, activatedAt, endedAt: at, endReason: reason, endedBy } = session
  if (subject === null || activatedAt === null || at === null) return undefined
  const data = { ...about(session), ended_at: iso(at), reason, ended_by: endedBy }
  return { id: derived('session.ended', id), type: 'session.ended', session: id, at, data }
}

/** For whoever has set an endpoint up and wants to see it work. */
export function testEvent(at: Instant): OutboxEvent {
  return { id: byChance(), type: 'webhook.test', session: '', at, data: { test: 'This is a test.' } }
}

function about({ id, subject, method, activatedAt }: Session): OutboxEvent['data'] {
  return { session: id, subject, method, started_at: activatedAt === null ? null : iso(activatedAt) }
}

function derived(type: OutboxType, session: string): string {
  return `evt_${hash('sha256', `${type}\0${session}`, 'base64url').slice(0, 22)}`
}

function byChance(): string {
  return `evt_${randomBytes(16).toString('base64url')}`
}

function iso(at: Instant): string {
  return new Date(at).toISOString()
}
