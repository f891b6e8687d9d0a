import { html } from './html.ts'
import { page } from './page.ts'

export interface OpenWindowView {
  /** What people know the platform by. */
  readonly from: string
  /** Our own address, which begins again in the new window. */
  readonly address: string
}

/** For somebody whose platform shows this server in a frame, where no session can begin. */
export function openWindow({ from, address }: OpenWindowView): string {
  const body = html` <div class="card">
    <p>${from} shows this page inside its own, where browsers let nobody sign in.</p>
    <p><a class="button main" href="${address}" target="_blank" rel="noopener">Open in a new window</a></p>
  </div>`
  return page({ title: 'Open in a new window', width: 'narrow', body })
}
