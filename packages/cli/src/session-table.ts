import type { Account } from '@sojourn/server'
import type { Session } from 'sojourn'
import { moment } from './moment.ts'

export type Names = ReadonlyMap<string, Pick<Account, 'email'>>

/** Sessions as lines of 80 columns, where their ids are of the usual 22 characters. */
export function sessionTable(sessions: readonly Session[], names: Names): string {
  const rows = sessions.map((session) => [
    session.id,
    cut(nameOf(session, names), 16),
    moment(session.lastSeenAt),
    session.endReason ?? (session.endedAt === null ? 'live' : 'ended'),
  ])
  return [['ID', 'WHO', 'LAST SEEN (UTC)', 'STATE'], ...rows]
    .map(
      ([id = '', who = '', seen = '', state = '']) =>
        `${id.padEnd(22)}  ${who.padEnd(16)}  ${seen.padEnd(16)}  ${state}\n`,
    )
    .join('')
}

/** The e-mail address of whose session it is, or what the session itself says. */
export function nameOf({ subject }: Session, names: Names): string {
  return subject === null ? '(guest)' : (names.get(subject)?.email ?? subject)
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
