import type { Count } from '../filter/end-matching.ts'
import { mostEnded } from '../filter/end-matching.ts'
import { html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface EndMatchingView extends Frame {
  /** As it was entered. */
  readonly filter: string
  readonly count: Count
  /** Whether more match than were shown the last time, so that nothing was ended. */
  readonly isMore: boolean
}

const list = '/nova/resources/auth-sessions'

/** Says how many a filter would end, before it does: `POST` again with `most` and perhaps a note. */
export function endMatching({ filter, count, isMore, ...view }: EndMatchingView): string {
  const sessions = `${count.count} session${count.count === 1 ? '' : 's'}`
  const people = `${count.people} ${count.people === 1 ? 'person' : 'people'}`
  const isPossible = count.complete && count.count > 0 && count.count <= mostEnded
  const body = html`<div class="card">
    ${isMore && html`<p class="wrong">More match by now than were shown. None was ended.</p>`}
    <p>
      <strong>${!count.complete && 'More than '}${sessions}</strong> of ${people} match
      <code>${filter}</code>. Your own is spared.
    </p>
    ${
      isPossible
        ? html`<p>
              They end at once, and their people are told that an administrator ended many sessions. It cannot
              be undone.
            </p>
            <form method="post" action="${list}/end">
              <input type="hidden" name="filter" value="${filter}" />
              <input type="hidden" name="most" value="${count.count}" />
              <div class="field">
                <label for="note">Note</label>
                <p class="hint" id="note-hint">For the log alone. May be left empty.</p>
                <input
                  id="note"
                  name="note"
                  type="text"
                  maxlength="200"
                  autocomplete="off"
                  aria-describedby="note-hint"
                />
              </div>
              <div class="actions">
                <button type="submit" class="danger">End ${sessions}</button>
                <a href="${list}?${new URLSearchParams({ filter }).toString()}">Cancel</a>
              </div>
            </form>`
        : html`<p>
            ${count.count === 0 ? 'There is nothing to end.' : `At most ${mostEnded} can be ended at once: narrow the filter.`}
            <a href="${list}?${new URLSearchParams({ filter }).toString()}">Back</a>
          </p>`
    }
  </div>`
  return page({ ...view, title: 'End sessions', isRefusal: isMore, width: 'narrow', place: list, body })
}
