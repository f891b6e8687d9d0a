import { pageView } from '@sojourn/server'
import { endReasons, type ListInput } from 'sojourn'
import { oneOf, wholeNumber } from '../option-values.ts'
import { defineCommand, json } from '../command.ts'
import { withSessions } from '../opened.ts'
import { sessionTable } from '../session-table.ts'
import { subjectOf } from '../subject.ts'

export const sessionsList = defineCommand({
  name: 'sessions list',
  says: 'list sessions, newest first',
  options: {
    ...json,
    subject: { type: 'string', value: 'WHO', says: 'of one person: an account id or e-mail address' },
    state: {
      type: 'string',
      value: 'STATE',
      says: 'live (if left out; with a --reason ended), restorable, any',
    },
    reason: { type: 'string', value: 'REASON', says: 'only those that ended for this reason' },
    limit: { type: 'string', value: 'N', says: 'at most so many, 1 to 1000; 50 if left out' },
    cursor: { type: 'string', value: 'CURSOR', says: 'go on where the page before ended' },
  },
  run: ({ options: { json: asJson, subject, state, reason, limit, cursor } }, terminal) => {
    const input: ListInput = {
      state:
        state === undefined
          ? reason === undefined
            ? 'live'
            : 'ended'
          : oneOf('state', ['live', 'restorable', 'ended', 'any'], state),
      ...(reason === undefined ? {} : { reason: oneOf('reason', endReasons, reason) }),
      ...(limit === undefined ? {} : { limit: wholeNumber('limit', 1, 1_000, limit) }),
      ...(cursor === undefined ? {} : { cursor }),
    }
    return withSessions(terminal, async ({ accounts, sessions, places }) => {
      const page = await sessions.list({
        ...input,
        ...(subject === undefined ? {} : { subject: await subjectOf(accounts, subject) }),
      })
      if (asJson === true)
        return terminal.print(`${JSON.stringify(await pageView(page, null, { places, sessions }))}\n`)
      if (page.items.length === 0) return terminal.print('No sessions.\n')
      const names = await accounts.findAll(page.items.flatMap(({ subject }) => subject ?? []))
      terminal.print(sessionTable(page.items, names))
      if (page.cursor !== null) terminal.print(`There are more: --cursor=${page.cursor}\n`)
    })
  },
})
