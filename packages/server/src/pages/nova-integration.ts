import type { IntegrationKind } from '../integrations/integration-kind.ts'
import type { IntegrationFaults } from '../integrations/read-integration.ts'
import { choice } from './choice.ts'
import { field } from './field.ts'
import { html, type Html } from './html.ts'
import { kindField } from './kind-field.ts'
import { noticeBox } from './notice.ts'
import { integrationAt, integrationsPath } from './nova-integrations.ts'
import { type Frame, page } from './page.ts'

export interface NovaIntegrationView extends Frame {
  readonly kind: IntegrationKind
  /** Absent while it is new. */
  readonly made?:
    | {
        readonly id: string
        readonly revision: number
        /** What the other side has to be told. */
        readonly tells: readonly (readonly [label: string, value: string])[]
        /** Its sessions that live, in words. */
        readonly sessions: string
        readonly kept: ReadonlySet<string>
      }
    | undefined
  readonly entered: {
    readonly name: string
    readonly enabled: boolean
    readonly of: (name: string) => string
  }
  readonly faults?: IntegrationFaults | undefined
  /** What is wrong with the whole of it. */
  readonly error?: string | undefined
  /** What whoever looks should know of how this server sees them. */
  readonly seen?: string | undefined
}

/** `POST` with `name`, `enabled`, `revision` and the fields of the kind; `POST …/remove` removes it. */
export function novaIntegration(view: NovaIntegrationView): string {
  const { kind, made, entered, faults, error, seen } = view
  const isRefusal = error !== undefined || faults !== undefined
  const body = html`<p><a href="${integrationsPath}">All integrations</a></p>
    ${error !== undefined && noticeBox({ kind: 'error', text: error })}
    <p><strong>${kind.title}.</strong> ${kind.help}</p>
    ${seen !== undefined && html`<p>${seen}</p>`} ${made !== undefined && tells(made.tells)}
    <form method="post" action="${pathOf(view)}">
      ${made === undefined ? html`<input type="hidden" name="kind" value="${kind.kind}" />` : html`<input type="hidden" name="revision" value="${made.revision}" />`}
      ${field({
        name: 'name',
        label: 'Name',
        type: 'text',
        autocomplete: 'off',
        value: entered.name,
        error: faults?.get('name'),
        hint: 'Of the institution or site, as people read it.',
      })}
      ${kind.fields.map((one) =>
        kindField({
          field: one,
          entered: entered.of(one.name),
          error: faults?.get(one.name),
          isKept: made?.kept.has(one.name),
        }),
      )}
      ${choice({
        name: 'enabled',
        id: 'enabled',
        label: 'Enabled',
        hint: 'Without it nobody comes in by it, and the sessions that it began end.',
        isChosen: entered.enabled,
      })}
      <div class="actions">
        <button type="submit" class="main">Save</button>
        <a href="${integrationsPath}">Cancel</a>
      </div>
    </form>
    ${made !== undefined && removal(made.id, made.sessions)}`
  const title = made === undefined ? 'New integration' : 'Integration'
  return page({ ...view, title, isRefusal, place: '/nova/integrations', body })
}

function pathOf({ made }: NovaIntegrationView): string {
  return made === undefined ? integrationsPath : integrationAt(made.id)
}

function tells(all: readonly (readonly [label: string, value: string])[]): Html | false {
  return (
    all.length > 0 &&
    html`<dl class="card">
      ${all.map(
        ([label, value]) =>
          html`<dt>${label}</dt>
            <dd><code>${value}</code></dd>`,
      )}
    </dl>`
  )
}

function removal(id: string, sessions: string): Html {
  return html`<section class="card">
    <h2>In use</h2>
    <p>${sessions}</p>
    <p>
      <a href="/nova/policies/integration/${encodeURIComponent(id.toWellFormed())}"
        >What holds for the people of it</a
      >
      <small><code>${id}</code></small>
    </p>
    <details class="ask">
      <summary>Remove it…</summary>
      <p>
        Its sessions end at once. Accounts that it made stay, without a way in by it; those of visits go. It
        cannot be undone.
      </p>
      <form method="post" action="${integrationAt(id)}/remove">
        <button type="submit" class="danger">Remove the integration</button>
      </form>
    </details>
  </section>`
}
