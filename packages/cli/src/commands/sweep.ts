import { defineCommand, json } from '../command.ts'
import { withSessions } from '../opened.ts'

export const sweep = defineCommand({
  name: 'sweep',
  says: 'mark expired sessions as ended and remove the old ones',
  more: ['A running server does this by itself every minute.'],
  options: json,
  run: ({ options }, terminal) =>
    withSessions(terminal, async ({ sessions }) => {
      const swept = await sessions.sweep()
      if (options.json === true) return terminal.print(`${JSON.stringify(swept)}\n`)
      terminal.print(`Marked ${swept.marked} as ended, removed ${swept.purged}.\n`)
    }),
})
