import type { Instant } from 'sojourn'
import type { Explanation } from 'sojourn/core'
import { html, type Html } from './html.ts'
import { dateAndDistance } from './moment.ts'
import { reasonOf } from './reason-words.ts'

type Said = Explanation['trace'][number]

/** What each rule says about a session, in the order in which the rules are asked. */
export function ruleTable({ verdict, trace }: Explanation, now: Instant): Html {
  return html` <p>
      Verdict:
      ${
        verdict.next === 'end'
          ? html`over since ${dateAndDistance(verdict.endedAt, now)}: ${reasonOf(verdict.reason)}`
          : 'good'
      }
    </p>
    <div class="scroll" role="region" aria-labelledby="rules" tabindex="0">
      <table>
        <caption id="rules" class="hidden">
          What each rule says now
        </caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">It says</th>
          </tr>
        </thead>
        <tbody>
          ${trace.map(
            (said) =>
              html`<tr>
                <th scope="row"><code>${said.rule}</code></th>
                <td>${wordsOf(said, now)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}

function wordsOf(said: Said, now: Instant): Html | string {
  if (!('finding' in said)) {
    if (said.deadline === null) return 'Sets no limit'
    const moment = dateAndDistance(said.deadline, now)
    return said.deadline < now
      ? html`Over since ${moment}: ${reasonOf(said.reason)}`
      : html`Good until ${moment}`
  }
  const { finding } = said
  if (finding === null) return 'Nothing against it'
  switch (finding.action) {
    case 'end':
      return html`Over since ${dateAndDistance(finding.at, now)}: ${reasonOf(finding.reason)}`
    case 'step-up':
      return html`Good, but not for what needs a fresh sign-in: ${reasonOf(finding.reason)}`
    case 'log':
      return html`Good, but worth a note: ${reasonOf(finding.reason)}`
  }
}
