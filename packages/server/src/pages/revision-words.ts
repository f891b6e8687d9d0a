import { enteredOf } from '../settings/read-setting.ts'
import { settingOf } from '../settings/setting.ts'
import type { Layer } from '../settings/layer.ts'
import type { Revision, SettingChange } from '../settings/stored-settings.ts'
import { html, type Html } from './html.ts'
import { date } from './moment.ts'

/** Names of accounts by id: those that are still there. */
export type AccountNames = ReadonlyMap<string, { readonly email: string }>

/** `Idle timeout: 2h → 30m` */
export function changeWords({ option, before, after }: SettingChange): Html {
  const setting = settingOf(option)
  const shown = (value: string | null): string =>
    value === null || setting === undefined ? 'as inherited' : enteredOf(setting, value)
  return html`${setting?.label ?? option}: ${shown(before)} → ${shown(after)}`
}

/** Which layer, for people. */
export function layerWords({ kind, name }: Layer, names: AccountNames): string {
  if (kind === 'install') return 'Everybody'
  return kind === 'subject' ? (names.get(name)?.email ?? name) : `${kindWords[kind]} ${name}`
}

export const kindWords = {
  realm: 'Realm',
  app: 'Application',
  role: 'Role',
  method: 'Sign-in method',
  integration: 'Integration',
} as const

export function authorWords({ author }: Pick<Revision, 'author'>, names: AccountNames): string {
  return author === null ? 'the command line' : (names.get(author)?.email ?? author)
}

/** What somebody else has changed meanwhile. */
export function revisionItem(revision: Revision, names: AccountNames): Html {
  const { changes, madeAt, note } = revision
  return html`<li>
    ${authorWords(revision, names)}, ${date(madeAt)}:
    ${changes.map((change, at) => html`${at > 0 && '; '}${changeWords(change)}`)}${note !== '' && html` (${note})`}
  </li>`
}
