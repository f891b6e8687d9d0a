import type { Instant } from '../core/session.ts'
import { isExpiry, type Expiry } from './expiry.ts'

/**
 * What tabs tell each other. Nothing secret, and nothing that is believed where it matters: a tab that hears of an end asks
 * the server. `at` is the clock that all tabs of a computer share.
 */
export type TabMessage =
  | { readonly kind: 'expiry'; readonly subject: string; readonly expiry: Expiry; readonly at: Instant }
  /** Something ended, or somebody signed in: look for yourself. `reason`: what the teller was told. */
  | { readonly kind: 'look'; readonly reason: string | null }

export interface Channel {
  post(message: TabMessage): void
  close(): void
}

/** The browser's parts that carry messages; what is absent is not used. */
export interface TabParts {
  readonly BroadcastChannel?: new (name: string) => {
    postMessage(message: unknown): void
    /** Set, never read; each library of types gives its event another type. */
    onmessage: unknown
    close(): void
  }
  /** Where there is no `BroadcastChannel`: a write here is an event in every other tab. */
  readonly storage?: { setItem(key: string, value: string): void; removeItem(key: string): void }
  readonly onStorage?: (hear: (key: string | null, value: string | null) => void) => () => void
}

/** Opens the way to the other tabs of this origin. A message never comes back to the tab that sent it. */
export function openChannel(name: string, parts: TabParts, hear: (message: TabMessage) => void): Channel {
  const { BroadcastChannel, storage, onStorage } = parts
  const read = (value: unknown): void => {
    const message = readMessage(value)
    if (message !== undefined) hear(message)
  }
  if (BroadcastChannel !== undefined) {
    const channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }: { readonly data: unknown }) => read(data)
    return { post: (message) => channel.postMessage(message), close: () => channel.close() }
  }
  if (storage === undefined || onStorage === undefined) return { post: () => {}, close: () => {} }
  const close = onStorage((key, value) => {
    if (key === name && value !== null) read(parsed(value))
  })
  const post = (message: TabMessage): void => {
    try {
      storage.setItem(name, JSON.stringify(message))
      // The next message may be the same, which would be no change and so no event.
      storage.removeItem(name)
    } catch {
      // Storage is full or forbidden: each tab then learns at its own deadline.
    }
  }
  return { post, close }
}

/** A message as it reads; `undefined` for anything else: scripts of other versions and of the site share the channel. */
export function readMessage(value: unknown): TabMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { kind, subject, expiry, at, reason } = value as { readonly [name: string]: unknown }
  if (kind === 'look') return { kind, reason: typeof reason === 'string' ? reason : null }
  if (kind !== 'expiry' || typeof subject !== 'string' || !isExpiry(expiry)) return undefined
  return typeof at === 'number' && Number.isFinite(at) ? { kind, subject, expiry, at } : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
