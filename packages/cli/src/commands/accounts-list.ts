import { accountStates, accountView, listAccounts, roles } from '@sojourn/server'
import { accountTable } from '../account-table.ts'
import { defineCommand, json } from '../command.ts'
import { UsageError } from '../failure.ts'
import { configOf, withDatabase } from '../opened.ts'
import { oneOf, wholeNumber } from '../option-values.ts'

export const accountsList = defineCommand({
  name: 'accounts list',
  says: 'list accounts, newest first',
  options: {
    ...json,
    search: { type: 'string', value: 'TEXT', says: 'a part of the name or of the e-mail address' },
    role: { type: 'string', value: 'ROLE', says: `only ${roles.join(', ')}` },
    state: { type: 'string', value: 'STATE', says: `only ${accountStates.join(', ')}` },
    limit: { type: 'string', value: 'N', says: 'at most so many, 1 to 1000; 50 if left out' },
    cursor: { type: 'string', value: 'CURSOR', says: 'go on where the page before ended' },
  },
  async run({ options: { json: asJson, search, role, state, limit, cursor } }, terminal) {
    const query = {
      search,
      role: role === undefined ? undefined : oneOf('role', roles, role),
      state: state === undefined ? undefined : oneOf('state', accountStates, state),
      limit: limit === undefined ? 50 : wholeNumber('limit', 1, 1_000, limit),
      cursor,
    }
    const page = await withDatabase(await configOf(terminal), (database) => listAccounts(database, query))
    if (page === undefined) throw new UsageError('--cursor: expected one of an earlier page')
    const users = page.accounts.map(accountView)
    if (asJson === true) return terminal.print(`${JSON.stringify({ users, cursor: page.cursor })}\n`)
    if (users.length === 0) return terminal.print('No accounts.\n')
    terminal.print(accountTable(page.accounts))
    if (page.cursor !== null) terminal.print(`There are more: --cursor=${page.cursor}\n`)
  },
})
