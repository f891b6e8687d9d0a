import type { Instant } from 'sojourn'

/** `2026-01-31 23:59`, in UTC. */
export function moment(at: Instant): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
