import { raw } from 'hono/html'
import type { Html } from './html.ts'

const drawing = (ground: string, ink: string, more: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"${more}><rect width="32" height="32" rx="8" fill="${ground}"/><path d="M21.5 11.5c-.8-2-2.8-3-5.5-3-3.2 0-5.5 1.5-5.5 3.800 0 5.200 11.500 2.200 11.500 7.400 0 2.400-2.500 3.800-6 3.800-3 0-5.200-1.200-6-3.200" fill="none" stroke="${ink}" stroke-width="3" stroke-linecap="round"/></svg>`

/** The product's mark beside its name, in the colours of the page. */
export const mark: Html = raw(
  drawing(
    'var(--main)',
    'var(--on-main)',
    ' class="mark" width="24" height="24" aria-hidden="true" focusable="false"',
  ),
)

/** The same for the window's tab, as an address that carries it whole. */
export const iconAddress = `data:image/svg+xml,${encodeURIComponent(drawing('#1d4fc0', '#ffffff', ''))}`
