import encodeQR from 'qr'
import { html, type Html } from './html.ts'

/** A text as a QR code: one path in an SVG, which needs no style and no script. `label` is what it is for whoever cannot see it. */
export function qr(text: string, label: string): Html {
  const rows = encodeQR(text, 'raw', { border: 4 })
  const squares = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  const size = rows.length
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}">
    <path d="${squares.join('')}" shape-rendering="crispEdges" />
  </svg>`
}
