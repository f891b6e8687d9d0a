import type { Instant } from 'sojourn'
import type { JobState } from '../jobs/jobs.ts'
import { html, type Html } from './html.ts'
import { distance, spanWords } from './moment.ts'
import { type Frame, page } from './page.ts'

export interface NovaJobsView extends Frame {
  readonly now: Instant
  readonly jobs: readonly JobState[]
  /** How many events could not be delivered. */
  readonly dead: number
}

/** The jobs, and how each ran last. `POST /nova/jobs/:id/run` runs one. */
export function novaJobs({ now, jobs, dead, ...view }: NovaJobsView): string {
  const body = html`<p>
      Whichever node has the lease of a job runs it. Dead letters:
      ${dead === 0 ? 'none' : html`<strong>${dead}</strong>`}, on the page of
      <a href="/nova/webhooks">webhooks</a>.
    </p>
    <div class="scroll" role="region" aria-labelledby="caption" tabindex="0">
      <table>
        <caption id="caption" class="hidden">
          Jobs
        </caption>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">Last run</th>
            <th scope="col">Rows</th>
            <th scope="col">Took</th>
            <th scope="col">Next run</th>
            <th scope="col">Run</th>
          </tr>
        </thead>
        <tbody>
          ${jobs.map((job) => row(job, now))}
        </tbody>
      </table>
    </div>`
  return page({ ...view, title: 'Jobs', width: 'wide', place: '/nova/jobs', body })
}

function row({ name, says, every, last }: JobState, now: Instant): Html {
  return html`<tr>
    <th scope="row"><code>${name}</code><small>${says}</small></th>
    <td>
      ${last === undefined ? 'Never' : lastWords(last, now)}
      ${last?.error !== null && last !== undefined && html`<small class="wrong">${last.error}</small>`}
    </td>
    <td>${last?.rows ?? '–'}${last?.said !== null && html`<small>${last?.said}</small>`}</td>
    <td>${last?.took === null || last === undefined ? '–' : `${last.took} ms`}</td>
    <td>
      ${last === undefined ? '–' : distance(Math.max(last.nextAt, now), now)}<small
        >every ${everyWords(every)}</small
      >
    </td>
    <td>
      <form method="post" action="/nova/jobs/${encodeURIComponent(name)}/run">
        <button type="submit">Run<span class="hidden"> ${name}</span> now</button>
      </form>
    </td>
  </tr>`
}

function lastWords(last: NonNullable<JobState['last']>, now: Instant): Html {
  if (last.isRunning) return html`<span class="badge good">Running</span><small>${last.node}</small>`
  if (last.endedAt === null) return html`<span class="badge">Cut off</span><small>${last.node}</small>`
  return html`${distance(last.endedAt, now)}<small>${last.node}</small>`
}

/** Spans below a minute are of machines. */
function everyWords(every: number): string {
  return every < 60_000 ? `${every / 1_000} seconds` : spanWords(every)
}
