import { enteredOf, readRevisions, settingOf, sourceOf } from '@sojourn/server'
import { defineCommand, json } from '../command.ts'
import { moment } from '../moment.ts'
import { configOf, withDatabase } from '../opened.ts'

export const settingsHistory = defineCommand({
  name: 'settings history',
  says: 'list changes of the settings, newest first',
  options: json,
  async run({ options }, terminal) {
    const revisions = await withDatabase(await configOf(terminal), (database) =>
      readRevisions(database, { limit: 100 }),
    )
    if (options.json === true) return terminal.print(`${JSON.stringify({ revisions })}\n`)
    if (revisions.length === 0) return terminal.print('Nothing was changed.\n')
    for (const { revision, layer, author, madeAt, note, changes } of revisions) {
      const where = layer.kind === 'subject' ? `subject ${layer.name}` : sourceOf(layer)
      terminal.print(`${revision}  ${moment(madeAt)}  ${author ?? 'command line'}  ${where}\n`)
      for (const { option, before, after } of changes)
        terminal.print(`   ${option}: ${shown(option, before)} -> ${shown(option, after)}\n`)
      if (note !== '') terminal.print(`   ${note}\n`)
    }
  },
})

function shown(option: string, value: string | null): string {
  const setting = settingOf(option)
  return value === null || setting === undefined ? 'inherit' : enteredOf(setting, value)
}
