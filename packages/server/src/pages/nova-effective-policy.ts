import type { Instant, Session } from 'sojourn'
import { formatDuration } from 'sojourn/core'
import type { EffectiveValue, PlacedValue } from '../settings/effective-policy.ts'
import { settingOf } from '../settings/setting.ts'
import { html, type Html } from './html.ts'
import { dateAndDistance } from './moment.ts'
import { type Frame, page } from './page.ts'

export interface EffectivePolicyView extends Frame {
  readonly now: Instant
  /** What was asked for. */
  readonly asked: { readonly user: string; readonly session: string; readonly method: string }
  /** Whose it is, as a sentence; absent before anybody was asked for. */
  readonly whose?: string | undefined
  readonly values?: readonly EffectiveValue[] | undefined
  /** The session that was asked for: what it was granted at its start holds beside. */
  readonly session?: Session | undefined
  readonly error?: string | undefined
}

/** `GET` with `user` (an e-mail address or id) and `method`, or `session`. */
export function novaEffectivePolicy(view: EffectivePolicyView): string {
  const { asked, whose, values, session, now, error } = view
  const body = html`<p><a href="/nova/policies">All settings</a></p>
    ${error !== undefined && html`<div class="notice error" role="alert"><p>${error}</p></div>`}
    <search>
      <form method="get" action="/nova/policies/effective" class="filters">
        ${input('user', 'User: e-mail or id', asked.user)} ${input('method', 'Sign-in method', asked.method)}
        ${input('session', 'Or session', asked.session)}
        <div class="actions"><button type="submit">Show</button></div>
      </form>
    </search>
    ${whose !== undefined && html`<p>${whose}</p>`} ${session !== undefined && granted(session, now)}
    ${values !== undefined && table(values)}`
  return page({ ...view, title: 'What holds, and why', width: 'wide', place: '/nova/policies', body })
}

/** Where a value comes from, for people. */
export function sourceWords({ layer, revision }: PlacedValue): string {
  if (layer === 'default') return 'by default'
  const whose =
    layer === 'install' ? 'for everybody' : layer === 'subject' ? 'for this person' : `for the ${layer}`
  return `${whose}, ${revision === null ? (layer === 'subject' ? 'in the account' : 'in the configuration') : `by revision ${revision}`}`
}

function input(name: string, label: string, value: string): Html {
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="text"
      value="${value}"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
    />
  </div>`
}

function granted({ idleTimeout, expiresAt }: Session, now: Instant): Html {
  return html`<p>
    At its start this session was granted an idle timeout of
    ${idleTimeout === null ? 'no limit' : formatDuration(idleTimeout)} and an end
    ${expiresAt === null ? 'never' : html`at ${dateAndDistance(expiresAt, now)}`}. Of both and what stands
    below the tighter holds.
  </p>`
}

function table(values: readonly EffectiveValue[]): Html {
  return html`<div class="scroll" role="region" aria-labelledby="caption" tabindex="0">
    <table>
      <caption id="caption" class="hidden">
        Every option with its value, its source, and what it prevails over
      </caption>
      <thead>
        <tr>
          <th scope="col">Option</th>
          <th scope="col">Value</th>
          <th scope="col">Set</th>
          <th scope="col">Prevails over</th>
        </tr>
      </thead>
      <tbody>
        ${values.map(
          (value) =>
            html`<tr>
              <th scope="row">
                ${settingOf(value.option)?.label ?? value.option}<small><code>${value.option}</code></small>
              </th>
              <td>${value.shown}</td>
              <td>${sourceWords(value)}</td>
              <td>
                ${value.losers.length === 0 ? 'Nothing' : value.losers.map((loser) => html`<div>${loser.shown}, ${sourceWords(loser)}</div>`)}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
