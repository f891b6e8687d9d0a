import type { FilterFault } from '../filter/filter-term.ts'
import { filterStates } from '../filter/filter-term.ts'
import { faultSentence } from '../filter/parse-filter.ts'
import { html, type Html } from './html.ts'

export interface SessionSearch {
  /** As it was entered; empty: nothing was. */
  readonly text: string
  readonly fault?: FilterFault | undefined
}

/** The field for the filter language, with what can be written there and, where it does not read, the place. */
export function sessionSearch({ text, fault }: SessionSearch, path: string): Html {
  const isWrong = fault !== undefined
  return html`<details ${text !== '' && html` open`}>
    <summary>Search with conditions</summary>
    <search>
      <form method="get" action="${path}" class="search">
        <div class="field">
          <label for="filter">Search</label>
          <p class="hint" id="filter-hint">
            Such as <code>state:active user:ada@example.com lastSeen&lt;now-30m</code>. All conditions must
            hold.
          </p>
          ${isWrong && wrong(text, fault)}
          <input
            id="filter"
            name="filter"
            type="search"
            value="${text}"
            maxlength="500"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-describedby="${isWrong && 'filter-error '}filter-hint"
            ${isWrong && html` aria-invalid="true"`}
          />
        </div>
        ${help()}
        <div class="actions">
          <button type="submit">Search</button>
          ${text !== '' && html`<a href="${path}">Clear</a>`}
        </div>
      </form>
    </search>
  </details>`
}

function wrong(text: string, fault: FilterFault): Html {
  const { at, length } = fault
  const end = at + length
  return html`<p class="wrong" id="filter-error">
    Not understood ${faultSentence(fault)}.<br />
    <code>${text.slice(0, at)}<mark>${text.slice(at, end) || '…'}</mark>${text.slice(end)}</code>
  </p>`
}

const conditions: readonly (readonly [written: string, says: string])[] = [
  [
    'state:active',
    `One of ${filterStates.join(', ')}. Left out: active, or ended where a reason or an end is asked for`,
  ],
  ['user:ada@example.com', 'By e-mail address or id; user:guest is nobody signed in'],
  ['ip:10.0.0.0/8', 'An address or a network, of either version'],
  ['country:DE', 'Where the address is, by a file of places; country:local and country:unknown too'],
  ['device.os:Windows', 'Also device.browser and device.type; what the browser says of itself'],
  ['method:password', 'Also app, role, policy, id, family, parent, actor'],
  ['reason:idle_timeout', 'Why it ended'],
  ['lastSeen<now-30m', 'Also created and ended; with <, <=, > or >=; now, now-30m or a moment with its zone'],
  ['as_of:2026-11-21T14:05Z', 'As it stood at that moment, as far as it is still kept'],
  ['device.browser:"Samsung Internet"', 'A value with blanks stands in double quotes'],
]

function help(): Html {
  return html`<details>
    <summary>What can be written here</summary>
    <dl>
      ${conditions.map(
        ([written, says]) =>
          html`<dt><code>${written}</code></dt>
            <dd>${says}.</dd>`,
      )}
    </dl>
  </details>`
}
