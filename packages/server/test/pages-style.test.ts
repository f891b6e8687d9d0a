import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'

const sheet = readFileSync(join(import.meta.dirname, '../src/pages/style.css'), 'utf8')

/** Each colour of the sheet: its name, in light, in dark. */
const colours = new Map(
  [...sheet.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
)

/** WCAG 2.2: 4.5 for words (1.4.3), 3 for the edges of controls and the mark of focus (1.4.11). */
const pairs: readonly (readonly [ink: string, ground: string, least: number])[] = [
  ...['text', 'muted', 'link', 'danger'].flatMap((ink) =>
    ['ground', 'surface', 'raised'].map((ground) => [ink, ground, 4.5] as const),
  ),
  ['on-main', 'main', 4.5],
  ['on-main', 'main-hover', 4.5],
  ['danger', 'danger-ground', 4.5],
  ['good', 'good-ground', 4.5],
  ['info', 'info-ground', 4.5],
  ...['edge', 'focus', 'main'].flatMap((ink) =>
    ['ground', 'surface', 'raised'].map((ground) => [ink, ground, 3] as const),
  ),
]

for (const scheme of ['light', 'dark'] as const)
  for (const [ink, ground, least] of pairs)
    test(`${ink} on ${ground} in ${scheme} has a contrast of at least ${least}`, () => {
      const ratio = contrast(colourOf(ink, scheme), colourOf(ground, scheme))
      assert.ok(ratio >= least, ratio.toFixed(2))
    })

test('the sheet loads nothing, and moves nothing for people who asked for stillness', () => {
  assert.doesNotMatch(sheet, /url\(|@import|@font-face/)
  const [, ...rest] = sheet.split('@media (prefers-reduced-motion: no-preference)')
  assert.equal(rest.length, 1)
  assert.doesNotMatch(
    sheet.replace(/@media \(prefers-reduced-motion: no-preference\)[^]*?\n}\n/, ''),
    /transition|animation/,
  )
})

test('what is hidden in a wide table scrolls with the table, and does not widen the page', () => {
  assert.match(sheet, /\n\.hidden \{\n  position: absolute;/)
  assert.match(sheet, /\n\.scroll \{\n  position: relative;/)
})

function colourOf(name: string, scheme: 'light' | 'dark'): string {
  const colour = colours.get(name)
  assert.ok(colour, `the sheet has a colour --${name}`)
  return colour[scheme]
}

function contrast(a: string, b: string): number {
  const [dim = 0, bright = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (bright + 0.05) / (dim + 0.05)
}

/** WCAG's relative luminance of an sRGB colour. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
