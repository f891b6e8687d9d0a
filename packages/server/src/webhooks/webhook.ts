import type { Instant } from 'sojourn'
import type { OutboxType } from '../outbox/outbox-event.ts'

export const formats = ['standard', 'caep'] as const
export type WebhookFormat = (typeof formats)[number]

/** An endpoint as it may be shown. Its secret is shown once, where it is made. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly note: string
  readonly format: WebhookFormat
  readonly events: readonly OutboxType[]
  readonly audience: string
  readonly createdAt: Instant
  readonly disabledAt: Instant | null
  readonly disabledWhy: 'by_hand' | 'failing' | 'gone' | null
  readonly failingSince: Instant | null
  /** Until when a replaced secret signs too. */
  readonly previousUntil: Instant | null
}

export interface NewWebhook {
  readonly url: string
  readonly note: string
  readonly format: WebhookFormat
  readonly events: readonly OutboxType[]
  /** For `caep`: the `aud` of its tokens; `null`: the origin of the address. */
  readonly audience: string | null
  /** For `caep`: what is sent as `Authorization`; `null`: nothing. */
  readonly authorization: string | null
}

/** What may be typed in as an address; the sentence says what is wrong with it. */
export function wrongUrl(written: string, plainAllowed: boolean): string | undefined {
  const expected = plainAllowed ? 'an https or http address' : 'an https address'
  if (!URL.canParse(written) || written.length > 2_000) return `Expected ${expected}.`
  const { protocol, username, password, hash } = new URL(written)
  if (protocol !== 'https:' && !(plainAllowed && protocol === 'http:')) return `Expected ${expected}.`
  if (username !== '' || password !== '') return 'An address holds no name and password.'
  return hash === '' ? undefined : 'An address for programs has no #part.'
}
