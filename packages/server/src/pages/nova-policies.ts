import { type Layer, layerKinds, layerOf } from '../settings/layer.ts'
import type { StoredSetting } from '../settings/stored-settings.ts'
import { html, type Html } from './html.ts'
import { place as install } from './nova-settings.ts'
import { type Frame, page } from './page.ts'
import { changeWords, kindWords, layerWords } from './revision-words.ts'

export interface NovaPoliciesView extends Frame {
  /** Those that the configuration names or administrators have set. */
  readonly layers: readonly Layer[]
  readonly stored: readonly StoredSetting[]
  readonly error?: string | undefined
}

/** Every layer of the policy, and the way to another. */
export function novaPolicies({ layers, stored, error, ...view }: NovaPoliciesView): string {
  const body = html`<p>
      The layer nearest to a person prevails; of timeouts, the tightest.
      <a href="/nova/policies/effective">What holds for somebody, and why</a>
    </p>
    <ul>
      ${layers.map((layer) => item(layer, stored))}
    </ul>
    <section class="card">
      <h2>Another layer</h2>
      <form method="get" action="/nova/policies/layer">
        <div class="field">
          <label for="kind">For</label>
          <select id="kind" name="kind">
            ${layerKinds.map((kind) => kind !== 'install' && kind !== 'subject' && html`<option value="${kind}">${kindWords[kind]}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="name">Name</label>
          ${error !== undefined && html`<p class="wrong" id="name-error">${error}</p>`}
          <input
            id="name"
            name="name"
            type="text"
            autocomplete="off"
            autocapitalize="none"
            required
            ${error !== undefined && html` aria-invalid="true" aria-describedby="name-error"`}
          />
        </div>
        <div class="actions"><button type="submit">Open</button></div>
      </form>
    </section>`
  return page({ ...view, title: 'Policies', isRefusal: error !== undefined, place: '/nova/policies', body })
}

export function layerPath({ kind, name }: Layer): string {
  if (kind === 'install') return install
  if (kind === 'subject') return `/nova/resources/users/${encodeURIComponent(name)}/limit`
  return `/nova/policies/${kind}/${encodeURIComponent(name)}`
}

/** The configuration may name what no address can. */
function isNameable({ kind, name }: Layer): boolean {
  return layerOf(kind, name) !== undefined
}

function item(layer: Layer, stored: readonly StoredSetting[]): Html {
  const own = stored.filter((one) => one.layer.kind === layer.kind && one.layer.name === layer.name)
  const words = layerWords(layer, new Map())
  return html`<li>
    ${isNameable(layer) ? html`<a href="${layerPath(layer)}">${words}</a>` : words}
    ${
      own.length === 0
        ? html`<small>as configured</small>`
        : html`<small
            >${own.map(({ option, value }, at) => html`${at > 0 && '; '}${changeWords({ option, before: null, after: value })}`)}</small
          >`
    }
  </li>`
}
