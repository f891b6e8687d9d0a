import type { IntegrationKind } from '../integrations/integration-kind.ts'
import type { Integration } from '../integrations/integration.ts'
import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface NovaIntegrationsView extends Frame {
  readonly integrations: readonly Integration[]
  /** Of which one can be made. */
  readonly kinds: readonly IntegrationKind[]
}

/** Where they are administered. */
export const integrationsPath = '/nova/integrations'

/** Where one of them is. */
export function integrationAt(id: string): string {
  return `${integrationsPath}/${encodeURIComponent(id.toWellFormed())}`
}

/** Who may vouch for people. */
export function novaIntegrations({ integrations, kinds, ...view }: NovaIntegrationsView): string {
  const body = html`<p>
      Institutions, sites and identity providers whose word signs people in, for one visit: such a session is
      never remembered.
    </p>
    ${integrations.length === 0 ? html`<p class="card">There is none: people sign in by what they know and have.</p>` : list(integrations, kinds)}
    <section class="card">
      <h2>Another one</h2>
      <form method="get" action="${integrationsPath}/new">
        <div class="field">
          <label for="kind">Kind</label>
          <select id="kind" name="kind">
            ${kinds.map(({ kind, title }) => html`<option value="${kind}">${title}</option>`)}
          </select>
        </div>
        <div class="actions"><button type="submit">Go on</button></div>
      </form>
    </section>`
  return page({ ...view, title: 'Integrations', place: '/nova/integrations', body })
}

function list(integrations: readonly Integration[], kinds: readonly IntegrationKind[]): Html {
  return html`<ul>
    ${integrations.map(
      ({ id, kind, name, enabled }) =>
        html`<li>
          <a href="${integrationAt(id)}">${name}</a>
          <small>${kinds.find((one) => one.kind === kind)?.title ?? kind}${!enabled && ', disabled'}</small>
        </li>`,
    )}
  </ul>`
}
