import { raiseRevision, settingsWithin } from '@sojourn/server'
import { createSessions } from 'sojourn'
import { memory } from 'sojourn/stores/memory'
import { defineCommand, json } from '../command.ts'
import { configOf, withDatabase } from '../opened.ts'

export const configReload = defineCommand({
  name: 'config reload',
  says: 'have all servers of one database read their settings anew',
  more: [
    'Each reads sojourn.config.ts in its own folder. The one in this folder is read',
    'first: where it is wrong, nobody is asked. SIGHUP asks one server alone.',
  ],
  options: json,
  async run({ options }, terminal) {
    const config = await configOf(terminal)
    await createSessions({ store: memory(), policy: config.policy, sweepEvery: null }).close()
    const revision = await withDatabase(config, raiseRevision)
    if (options.json === true)
      return terminal.print(`${JSON.stringify({ revision, within: settingsWithin })}\n`)
    terminal.print(`All servers read their settings anew within ${settingsWithin / 1_000} seconds.\n`)
  },
})
