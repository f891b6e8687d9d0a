import { placeWords, sessionView } from '@sojourn/server'
import type { Session } from 'sojourn'
import { defineCommand, json } from '../command.ts'
import { moment } from '../moment.ts'
import { withSessions } from '../opened.ts'
import { nameOf, type Names } from '../session-table.ts'
import { Failure, UsageError } from '../failure.ts'

export const sessionsShow = defineCommand({
  name: 'sessions show',
  operands: ['ID'],
  says: 'show one session, live or ended',
  options: json,
  run: ({ options, operands: [id] }, terminal) => {
    if (id === undefined) throw new UsageError('expected the ID of a session')
    return withSessions(terminal, async ({ accounts, sessions, places }) => {
      const session = await sessions.get(id)
      if (session === undefined)
        throw new Failure('not_found', `there is no session ${id}, or it is removed already`)
      const placeOf = await places.of([session])
      const validUntil = session.endedAt === null ? sessions.expiresAt(session, false) : null
      if (options.json === true) {
        const explanation = session.endedAt === null ? await sessions.explain(id) : undefined
        const view = {
          session: sessionView(session, null, sessions.now(), placeOf),
          trace: explanation?.trace ?? null,
        }
        return terminal.print(`${JSON.stringify(view)}\n`)
      }
      const names = await accounts.findAll([session.subject, session.endedBy].flatMap((one) => one ?? []))
      terminal.print(describe(session, validUntil, names, placeWords(placeOf(session))))
    })
  },
})

function describe(session: Session, validUntil: number | null, names: Names, place: string): string {
  const at = (when: number | null): string => (when === null ? '-' : `${moment(when)} UTC`)
  const rows = [
    ['id', session.id],
    ['who', nameOf(session, names)],
    ['account', session.subject ?? '-'],
    ['roles', session.roles.join(', ') || '-'],
    ['method', [session.method ?? '-', ...session.amr].join(' ')],
    ['signed in', at(session.authenticatedAt)],
    ['began', at(session.createdAt)],
    ['last seen', at(session.lastSeenAt)],
    ['valid until', session.endedAt === null ? at(validUntil) : '-'],
    ['address', session.ip ?? '-'],
    ['place', place],
    ['browser', session.userAgent ?? '-'],
    ['ended', at(session.endedAt)],
    ['reason', session.endReason ?? '-'],
    ['ended by', session.endedBy === null ? '-' : (names.get(session.endedBy)?.email ?? session.endedBy)],
  ]
  return rows.map(([name = '', value = '']) => `${name.padEnd(12)} ${value}\n`).join('')
}
