import { enteredOf, readStored, settingOf, sourceOf } from '@sojourn/server'
import { defineCommand, json } from '../command.ts'
import { configOf, withDatabase } from '../opened.ts'

export const settingsList = defineCommand({
  name: 'settings list',
  says: 'list what administrators have set of the policy',
  more: ['All else is as sojourn.config.ts says. Limits of single people stand with them.'],
  options: json,
  async run({ options }, terminal) {
    const stored = await withDatabase(await configOf(terminal), readStored)
    const rows = stored.map(({ layer, option, value, revision }) => {
      const setting = settingOf(option)
      const shown = setting === undefined ? value : enteredOf(setting, value)
      return { layer: sourceOf(layer), option, value: shown, revision }
    })
    if (options.json === true) return terminal.print(`${JSON.stringify({ settings: rows })}\n`)
    if (rows.length === 0) return terminal.print('Nothing is set.\n')
    for (const { layer, option, value, revision } of rows)
      terminal.print(`${layer}  ${option}  ${value}  (revision ${revision})\n`)
  },
})
