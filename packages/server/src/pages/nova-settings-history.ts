import type { Revision } from '../settings/stored-settings.ts'
import { html, type Html } from './html.ts'
import { date } from './moment.ts'
import { type Frame, page } from './page.ts'
import { type AccountNames, authorWords, changeWords, layerWords } from './revision-words.ts'

export interface SettingsHistoryView extends Frame {
  readonly revisions: readonly Revision[]
  readonly names: AccountNames
  /** Whether older ones follow. */
  readonly hasMore: boolean
}

export const historyPath = '/nova/settings/history'

/** Every change of the settings, newest first. `POST /nova/settings/history/:id/undo` undoes one. */
export function novaSettingsHistory(view: SettingsHistoryView): string {
  const { revisions, names, hasMore } = view
  const last = revisions.at(-1)
  const body = html`<p><a href="/nova/policies">All settings</a></p>
    ${revisions.length === 0 ? html`<p class="empty">Nothing was changed here</p>` : table(revisions, names)}
    ${
      hasMore &&
      last !== undefined &&
      html`<nav class="pages" aria-label="Pages of changes">
        <a href="${historyPath}?before=${last.revision}" rel="next">Older ones</a>
      </nav>`
    }`
  return page({
    ...view,
    title: 'History of the settings',
    width: 'wide',
    place: '/nova/settings/history',
    body,
  })
}

function table(revisions: readonly Revision[], names: AccountNames): Html {
  return html`<div class="scroll" role="region" aria-labelledby="caption" tabindex="0">
    <table>
      <caption id="caption" class="hidden">
        Changes, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Revision</th>
          <th scope="col">When and who</th>
          <th scope="col">Where</th>
          <th scope="col">What</th>
          <th scope="col">Undo</th>
        </tr>
      </thead>
      <tbody>
        ${revisions.map((one) => row(one, names))}
      </tbody>
    </table>
  </div>`
}

function row(revision: Revision, names: AccountNames): Html {
  const { changes, note, undoes, layer, madeAt } = revision
  return html`<tr>
    <th scope="row">${revision.revision}</th>
    <td>${date(madeAt)}<small>${authorWords(revision, names)}</small></td>
    <td>${layerWords(layer, names)}</td>
    <td>
      ${changes.map((change) => html`<div>${changeWords(change)}</div>`)}
      <small>${undoes !== null && `Undoes ${undoes}. `}${note}</small>
    </td>
    <td>
      <form method="post" action="${historyPath}/${revision.revision}/undo">
        <button type="submit">Undo ${revision.revision}</button>
      </form>
    </td>
  </tr>`
}
