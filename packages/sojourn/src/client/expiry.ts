import type { Instant } from '../core/session.ts'
import type { Expiry } from '../web/expires-header.ts'

export type { Expiry }

/**
 * Reads the value of `Session-Expires`; `undefined` where it does not say what it should. Of members with one name the last
 * one holds, so that several lines read as the last of them.
 */
export function readSessionExpires(value: string | null): Expiry | undefined {
  const members = new Map<string, Instant | null>()
  for (const member of (value ?? '').split(',')) {
    const [, name = '', item = ''] = /^\s*(idle|absolute|now)=(\d{1,15}|\?0)\s*$/.exec(member) ?? []
    if (name !== '') members.set(name, item === '?0' ? null : Number(item))
  }
  const [idle, absolute, now] = [members.get('idle'), members.get('absolute'), members.get('now')]
  if (idle === undefined || absolute === undefined || typeof now !== 'number') return undefined
  return { idle, absolute, now }
}

/** Whether a value from outside is an expiry: another tab may run another version of this. */
export function isExpiry(value: unknown): value is Expiry {
  if (typeof value !== 'object' || value === null) return false
  const { idle, absolute, now } = value as { readonly [name: string]: unknown }
  const isMoment = (moment: unknown): boolean => moment === null || Number.isSafeInteger(moment)
  return isMoment(idle) && isMoment(absolute) && Number.isSafeInteger(now)
}
