import type { Clock } from '../../engine/clock.ts'
import type { TabParts } from '../tabs.ts'

/** The wall clock, which goes on while a computer sleeps. Nothing is compared by it alone. */
export const browserClock: Clock = {
  now: () => Date.now(),
  after(delay, run) {
    const timer = setTimeout(run, delay)
    return () => clearTimeout(timer)
  },
}

/** What this browser has for talking to its other tabs. */
export function tabParts(): TabParts {
  if (typeof BroadcastChannel === 'function') return { BroadcastChannel }
  const storage = ownStorage()
  if (storage === undefined) return {}
  return {
    storage,
    onStorage(hear) {
      const listen = ({ key, newValue }: StorageEvent): void => hear(key, newValue)
      addEventListener('storage', listen)
      return () => removeEventListener('storage', listen)
    },
  }
}

function ownStorage(): Storage | undefined {
  try {
    return localStorage
  } catch {
    // Forbidden by the person or by the frame.
    return undefined
  }
}
