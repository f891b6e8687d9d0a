/**
 * A list of sessions that is kept up to date: `<p data-live="address of the stream" hidden>` tells how many have begun, and of
 * rows `<tr data-session="id">` the cell `data-session-state` says when one has ended. Without this script the page is as it
 * was when it was loaded.
 */
const box = document.querySelector<HTMLElement>('[data-live]')
if (box !== null && typeof EventSource === 'function') listen(box)

function listen(box: HTMLElement): void {
  const source = new EventSource(box.dataset['live'] ?? '')
  let begun = 0
  source.addEventListener('session.started', () => {
    begun++
    tell(box, begun === 1 ? 'One session has begun.' : `${begun} sessions have begun.`)
  })
  source.addEventListener('session.ended', (event: MessageEvent<string>) => {
    const { session, reason } = read(event)
    const row = [...document.querySelectorAll<HTMLElement>('tr[data-session]')].find(
      (one) => one.dataset['session'] === session,
    )
    const state = row?.querySelector('[data-session-state]')
    if (state === undefined || state === null) return
    const badge = document.createElement('span')
    badge.className = 'badge'
    badge.textContent = 'Ended'
    const why = document.createElement('small')
    why.textContent = reason
    state.replaceChildren(badge, ' ', why)
  })
  source.addEventListener('reset', () => tell(box, 'Much has happened since.'))
  // A page that goes to the back of the history lets its stream go, and opens another when it comes back.
  addEventListener('pagehide', () => source.close())
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
  })
}

function tell(box: HTMLElement, words: string): void {
  const link = document.createElement('a')
  link.href = location.href
  link.textContent = 'Load the page again'
  box.replaceChildren(`${words} `, link)
  box.hidden = false
}

function read(event: MessageEvent<string>): { readonly session: string; readonly reason: string } {
  const { session, reason } = JSON.parse(event.data) as { readonly [name: string]: unknown }
  return { session: String(session), reason: String(reason) }
}
