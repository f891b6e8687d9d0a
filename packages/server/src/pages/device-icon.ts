import type { DeviceType } from '../devices.ts'
import { html, type Html } from './html.ts'

/** A picture of the kind of device. It says nothing that the words beside it do not say. */
export function deviceIcon(type: DeviceType): Html {
  return html`<svg
    class="device-icon"
    viewBox="0 0 24 24"
    width="28"
    height="28"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${shapes[type]}
  </svg>`
}

export const deviceTypeWords: { readonly [type in DeviceType]: string } = {
  desktop: 'Computer',
  mobile: 'Phone',
  tablet: 'Tablet',
  tv: 'TV or console',
  bot: 'Program',
  unknown: 'Unknown',
}

const shapes: { readonly [type in DeviceType]: Html } = {
  desktop: html`<rect x="3" y="4" width="18" height="12" rx="1.5" /><path d="M8.5 20h7M12 16v4" />`,
  mobile: html`<rect x="7" y="2.5" width="10" height="19" rx="2" /><path d="M11 18.5h2" />`,
  tablet: html`<rect x="4.5" y="3" width="15" height="18" rx="2" /><path d="M11 18h2" />`,
  tv: html`<rect x="2.5" y="6" width="19" height="12" rx="1.5" /><path d="M8 21h8M8.5 2.5 12 6l3.5-3.5" />`,
  bot: html`<rect x="3" y="4.5" width="18" height="15" rx="1.5" /><path d="m7 9.5 3 2.5-3 2.5M12.5 15H17" />`,
  unknown: html`<circle cx="12" cy="12" r="9" /><path
      d="M9.7 9.4a2.4 2.4 0 1 1 3.3 2.3c-.7.3-1 .8-1 1.6v.4M12 16.6v.1"
    />`,
}
