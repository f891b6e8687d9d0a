import { readSetting } from './read-setting.ts'
import type { Setting, SettingName } from './setting.ts'
import type { Revision } from './stored-settings.ts'

type Values = ReadonlyMap<SettingName, string | null>

/** What was entered, by option: as JSON, `null` where the field was left empty; and what was expected where it does not read. */
export interface Entered {
  readonly values: Values
  readonly errors: ReadonlyMap<string, string>
}

/** Reads the fields of a form. A setting without a field stays as it is; an empty field leaves it to the wider layers. */
export function readEntered(settings: readonly Setting[], fields: URLSearchParams): Entered {
  const values = new Map<SettingName, string | null>()
  const errors = new Map<string, string>()
  for (const setting of settings) {
    const text = fields.get(setting.name)?.trim()
    if (text === undefined) continue
    const read = text === '' ? { value: null } : readSetting(setting, text)
    if ('expected' in read) errors.set(setting.name, `Expected ${read.expected}.`)
    else values.set(setting.name, read.value)
  }
  return { values, errors }
}

/** What a layer held before the revisions of `since`, newest first. */
export function valuesBefore(
  current: ReadonlyMap<SettingName, string>,
  since: readonly Revision[],
): ReadonlyMap<SettingName, string> {
  const values = new Map(current)
  for (const { changes } of since)
    for (const { option, before } of changes)
      if (before === null) values.delete(option)
      else values.set(option, before)
  return values
}
