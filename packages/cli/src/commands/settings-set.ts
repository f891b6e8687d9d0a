import { type Layer, layerOf, readSetting, type Setting, settingOf, settings } from '@sojourn/server'
import { changeInDatabase } from '../change-in-database.ts'
import { defineCommand, json } from '../command.ts'
import { UsageError } from '../failure.ts'

export const settingsSet = defineCommand({
  name: 'settings set',
  says: 'set an option of the policy, on all servers',
  options: {
    ...json,
    option: { type: 'string', value: 'OPTION', says: 'which one: limit, idleTimeout, rememberFor …' },
    value: { type: 'string', value: 'VALUE', says: "as on the page, or 'inherit' to leave it unset" },
    layer: { type: 'string', value: 'LAYER', says: "'role:NAME', 'method:NAME', …; everybody if left out" },
    note: { type: 'string', value: 'TEXT', says: 'why, for the history' },
  },
  async run({ options: { json: asJson, option, value, layer = 'install', note = '' } }, terminal) {
    const setting = known(option)
    const read = value === 'inherit' ? { value: null } : readSetting(setting, value)
    if ('expected' in read) throw new UsageError(`${setting.name}: expected ${read.expected}`)
    const wanted = { layer: named(layer), note, values: new Map([[setting.name, read.value]]) }
    const { revision } = await changeInDatabase(terminal, wanted)
    if (asJson === true) return terminal.print(`${JSON.stringify({ revision })}\n`)
    terminal.print(`Set, as revision ${revision}. All servers go by it within seconds.\n`)
  },
})

function known(option = ''): Setting {
  const setting = settingOf(option)
  if (setting !== undefined) return setting
  throw new UsageError(`--option: expected one of ${settings.map(({ name }) => name).join(', ')}`)
}

function named(text: string): Layer {
  const [kind = '', ...name] = text.split(':')
  const layer = layerOf(kind, name.join(':'))
  if (layer !== undefined) return layer
  throw new UsageError(`--layer: expected install or KIND:NAME, such as role:administrator, got ${text}`)
}
