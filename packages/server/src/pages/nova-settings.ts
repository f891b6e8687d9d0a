import type { Revision, SettingChange } from '../settings/stored-settings.ts'
import type { Affected } from '../settings/affected-sessions.ts'
import { choice } from './choice.ts'
import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'
import type { Place } from './places.ts'
import { type AccountNames, changeWords, revisionItem } from './revision-words.ts'
import { type SettingField, settingField } from './setting-field.ts'

export interface SettingsView extends Frame {
  readonly title: string
  /** Whom it is for. */
  readonly lead: string
  /** Where it is posted. */
  readonly action: string
  readonly revision: number
  readonly fields: readonly SettingField[]
  readonly note?: string | undefined
  /** What is wrong with the whole of it. */
  readonly error?: string | undefined
  /** What others have changed since the form was opened. */
  readonly since?: readonly Revision[] | undefined
  readonly names: AccountNames
  /** What stands beside the form. */
  readonly more?: Html | undefined
}

export const place = '/nova/settings/users' as const

/** `POST` with the fields, `revision` and `note`; an empty field inherits. */
export function settingsForm(view: SettingsView): string {
  const { title, lead, action, revision, fields, note = '', error, since, names, more } = view
  const isRefusal =
    error !== undefined || since !== undefined || fields.some((field) => field.error !== undefined)
  const body = html`
    ${
      error !== undefined &&
      html`<div class="notice error" role="alert" id="form-error"><p>${error}</p></div>`
    }
    ${
      since !== undefined &&
      html`<div class="notice error" role="alert">
        <p>Somebody else has changed this meanwhile. Nothing of yours is lost: look at it again, and save.</p>
        <ul>
          ${since.map((one) => revisionItem(one, names))}
        </ul>
      </div>`
    }
    <p>${lead}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="revision" value="${revision}" />
      ${fields.map(settingField)}
      <div class="field">
        <label for="note">Note</label>
        <p class="hint" id="note-hint">Why, for whoever reads the history. At most 200 characters.</p>
        <input
          id="note"
          name="note"
          type="text"
          value="${note}"
          maxlength="200"
          autocomplete="off"
          aria-describedby="note-hint"
        />
      </div>
      <div class="actions"><button type="submit" class="main">Go on</button></div>
    </form>
    ${more}
  `
  return page({ ...view, title, isRefusal, place: placeOf(action), body })
}

export interface ConfirmView extends Frame {
  readonly title: string
  readonly action: string
  readonly changes: readonly SettingChange[]
  readonly affected: Affected
  /** What was posted, to be posted again. */
  readonly posted: readonly (readonly [name: string, value: string])[]
}

/** Shows what a change does before it is made: `POST` again with `confirmed` and perhaps `standing`. */
export function settingsConfirm({ action, changes, affected, posted, ...view }: ConfirmView): string {
  const { ids, people } = affected
  const body = html`<div class="card">
    <ul>
      ${changes.map((change) => html`<li>${changeWords(change)}</li>`)}
    </ul>
    <p>
      ${
        ids.length === 0
          ? 'No session that stands now is against it.'
          : html`<strong>${counted(ids.length, 'session')}</strong> of ${counted(people, 'person', 'people')}
              would end by it, unless used meanwhile.`
      }
    </p>
    <form method="post" action="${action}">
      ${posted.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <input type="hidden" name="confirmed" value="t" />
      ${
        ids.length > 0 &&
        choice({
          name: 'standing',
          id: 'standing',
          label: 'End them now',
          hint: 'Otherwise a timeout ends each when it is next used, and a limit counts from the next sign-in.',
        })
      }
      <div class="actions">
        <button type="submit" class="main">Save</button>
        <a href="${action}">Cancel</a>
      </div>
    </form>
  </div>`
  return page({ ...view, title: `Save: ${view.title}`, width: 'narrow', place: placeOf(action), body })
}

/** Whose settings a form is for tells its address. */
function placeOf(action: string): Place {
  if (action.startsWith('/nova/policies/')) return '/nova/policies'
  return action.startsWith('/nova/resources/users/') ? '/nova/resources/users' : place
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
