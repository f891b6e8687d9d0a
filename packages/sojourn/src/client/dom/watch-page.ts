import { readSessionExpires } from '../expiry.ts'
import { remainingClock } from '../remaining-words.ts'
import { openChannel } from '../tabs.ts'
import { type SessionEnd, SessionWatch, type WatchView } from '../watch.ts'
import { SessionDialog } from './dialog.ts'
import { browserClock, tabParts } from './browser-parts.ts'
import { type ClientWords, english } from './words.ts'

export interface PageOptions {
  readonly statusPath: string
  readonly keepAlivePath: string
  readonly signOutPath: string
  readonly loginPath: string
  /** How long before the end a person is warned, in milliseconds; two minutes if left out. */
  readonly warnBefore?: number
  readonly words?: Partial<ClientWords>
}

/** What the page is for: a signed-in person's, or nobody's; as the server wrote it into the page. */
export interface PageSession {
  readonly subject: string
  /** The value of `Session-Expires`. */
  readonly expires: string
}

/**
 * Watches over the session of this page: writes the time that is left into `[data-session-remaining]`, shows what is marked
 * `[data-session-left]` in place of what is marked `[data-session-still]` (which says when the session ends), warns in a
 * dialog, and leads to the sign-in page when the server says that the session has ended. `null`: nobody is signed in here,
 * which the other tabs are told, for one of them may just have signed out.
 */
export function watchPage(session: PageSession | null, options: PageOptions): SessionWatch | undefined {
  const expiry = readSessionExpires(session?.expires ?? null)
  const name = `sojourn:${options.statusPath}`
  if (session === null || expiry === undefined) {
    const channel = openChannel(name, tabParts(), () => {})
    channel.post({ kind: 'look', reason: new URLSearchParams(location.search).get('reason') })
    channel.close()
    return undefined
  }
  const words = { ...english, ...options.words }
  const { signOutPath } = options
  const dialog = new SessionDialog({ words, signOutPath, stay: () => void watch.stay() })
  const watch = new SessionWatch(
    { expiry, at: arrivedAt() },
    {
      subject: session.subject,
      statusPath: options.statusPath,
      keepAlivePath: options.keepAlivePath,
      warnBefore: options.warnBefore ?? 120_000,
    },
    {
      fetch: (input, init) => fetch(input, init),
      clock: browserClock,
      steady: () => performance.now(),
      openChannel: (hear) => openChannel(name, tabParts(), hear),
      onChange: shower(dialog, words),
      onEnd: (end) => leave(end, options.loginPath),
    },
  )
  wake(watch)
  return watch
}

function shower(dialog: SessionDialog, words: ClientWords): (view: WatchView) => void {
  const title = document.title
  return (view) => {
    const left = view.remaining === null ? null : remainingClock(view.remaining)
    toggle('[data-session-still]', left === null)
    toggle('[data-session-left]', left !== null)
    for (const place of document.querySelectorAll('[data-session-remaining]'))
      if (place.textContent !== (left ?? '')) place.textContent = left ?? ''
    const isWarned = view.phase === 'warning' && left !== null
    const shown = isWarned ? `${words.windowTitle.replace('{left}', left)} · ${title}` : title
    if (document.title !== shown) document.title = shown
    dialog.show(view)
  }
}

function toggle(places: string, isShown: boolean): void {
  for (const place of document.querySelectorAll<HTMLElement>(places)) place.hidden = !isShown
}

/** When the page began to arrive, by its own clock: the server wrote the time into it just before. */
function arrivedAt(): number {
  const [navigation] = performance.getEntriesByType('navigation')
  const begun = navigation instanceof PerformanceNavigationTiming ? navigation.responseStart : 0
  // A page that took longer than this to run its script was held up by something else.
  const since = begun > 0 ? Math.min(Math.max(0, performance.now() - begun), 30_000) : 0
  return Date.now() - since
}

/** Nothing of the page is left to see, not even with the Back button: its place in the history is taken. */
function leave(end: SessionEnd, loginPath: string): void {
  document.documentElement.hidden = true
  if (end.kind === 'replaced') return location.reload()
  const query = new URLSearchParams({ reason: end.reason, return_to: location.pathname + location.search })
  location.replace(`${loginPath}${loginPath.includes('?') ? '&' : '?'}${query.toString()}`)
}

/** Timers of pages that nobody sees run late or not at all; whatever brings a page back brings the watch up to date. */
function wake(watch: SessionWatch): void {
  document.addEventListener('visibilitychange', () => watch.show(document.visibilityState === 'visible'))
  document.addEventListener('resume', () => watch.run())
  addEventListener('focus', () => watch.run())
  addEventListener('online', () => void watch.look())
  // A browser keeps pages for the Back button as they were left: this one is kept covered.
  addEventListener('pagehide', ({ persisted }) => {
    if (persisted) document.documentElement.hidden = true
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void uncover(watch)
  })
}

async function uncover(watch: SessionWatch): Promise<void> {
  await watch.look()
  const { phase, isUnreachable } = watch.view
  if (isUnreachable) location.reload()
  else if (phase !== 'over') document.documentElement.hidden = false
}
