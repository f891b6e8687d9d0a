/** What runs in a browser, without the browser's parts: those are handed in. */
export {
  asks,
  type Countdown,
  deadlineOf,
  failed,
  heard,
  type Heard,
  isExtendable,
  jumped,
  type Phase,
  phaseOf,
  remaining,
  untilChange,
} from './countdown.ts'
export { type Expiry, readSessionExpires } from './expiry.ts'
export { sendForm, type SentForm } from './form.ts'
export { type Fetch, sessionFetch, type SessionFetchParts } from './refresh.ts'
export { remainingClock, remainingSpoken } from './remaining-words.ts'
export { type Channel, openChannel, readMessage, type TabMessage, type TabParts } from './tabs.ts'
export { type SessionEnd, SessionWatch, type WatchOptions, type WatchParts, type WatchView } from './watch.ts'
