import type { Session, Sessions, Which } from 'sojourn'
import { defineCommand, json } from '../command.ts'
import { confirmed } from '../confirmed.ts'
import { withSessions } from '../opened.ts'
import { sessionTable } from '../session-table.ts'
import { subjectOf } from '../subject.ts'
import type { Terminal } from '../terminal.ts'
import { Failure, UsageError } from '../failure.ts'

/** How many are shown before it is asked whether to end them. */
const shown = 10

export const sessionsEnd = defineCommand({
  name: 'sessions end',
  operands: ['[ID]'],
  says: 'end one session, or all of one person, after a look at them',
  more: ['Whoever used them is told at the next request that an administrator ended them.'],
  options: {
    ...json,
    subject: { type: 'string', value: 'WHO', says: 'all live sessions of an account id or e-mail address' },
    yes: { type: 'boolean', says: 'do not ask' },
  },
  run: ({ options: { json: asJson, subject, yes }, operands: [id] }, terminal) => {
    if ((id === undefined) === (subject === undefined))
      throw new UsageError('expected either the ID of a session or --subject')
    if (yes !== true && (asJson === true || terminal.input.isTTY !== true))
      throw new UsageError('nobody can be asked here: add --yes')
    return withSessions(terminal, async ({ accounts, sessions }) => {
      const which: Which =
        subject === undefined ? { id: id ?? '' } : { subject: await subjectOf(accounts, subject) }
      const live = await liveOf(sessions, which)
      if (live.length === 0 && id !== undefined)
        throw new Failure('not_found', `there is no live session ${id}`)
      if (asJson !== true && live.length > 0) {
        const names = await accounts.findAll(live.flatMap(({ subject }) => subject ?? []))
        preview(live, sessionTable(live.slice(0, shown), names), terminal)
        if (yes !== true && !(await confirmed('End them? [y/N] ', terminal)))
          throw new Failure('declined', 'nothing was ended')
      }
      const ended = await sessions.end(which, 'admin_revoked')
      if (asJson === true) return terminal.print(`${JSON.stringify({ ended: ended.length })}\n`)
      terminal.print(`Ended ${count(ended.length)}.\n`)
    })
  },
})

async function liveOf(sessions: Sessions<object>, which: Which): Promise<readonly Session[]> {
  const live: Session[] = []
  let cursor: string | null = null
  do {
    const page = await sessions.list({ ...which, limit: 1_000, ...(cursor === null ? {} : { cursor }) })
    live.push(...page.items)
    ;({ cursor } = page)
  } while (cursor !== null)
  return live
}

function preview(live: readonly Session[], table: string, { tell }: Terminal): void {
  tell(`This ends ${count(live.length)}:\n${table}`)
  if (live.length > shown) tell(`and ${live.length - shown} more\n`)
}

function count(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`
}
