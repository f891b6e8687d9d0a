import type { Instant, Millis } from 'sojourn'
import { html, type Html } from './html.ts'

/** `21 Nov 2026, 14:05 UTC`: the server does not know where a person is, so it says which clock it means. */
export function dateWords(at: Instant): string {
  return `${calendar.format(at)} UTC`
}

/**
 * A distance in whole units, rounded down: `5 minutes ago`, `in 2 hours`. Clocks differ, so less than a minute either way is
 * `just now`.
 */
export function distanceWords(at: Instant, now: Instant): string {
  const distance = at - now
  for (const [unit, length] of units)
    if (Math.abs(distance) >= length) return relative.format(Math.trunc(distance / length), unit)
  return 'just now'
}

/** A span in whole units of the largest that fits, rounded down: `30 days`. */
export function spanWords(span: Millis): string {
  const [unit, length] = units.find(([, length]) => span >= length) ?? shortest
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.trunc(span / length),
  )
}

/** A moment as its distance from now, with the date for programs and on hover. */
export function distance(at: Instant, now: Instant): Html {
  return html`<time datetime="${isoOf(at)}" title="${dateWords(at)}">${distanceWords(at, now)}</time>`
}

/** A moment as its date. */
export function date(at: Instant): Html {
  return html`<time datetime="${isoOf(at)}">${dateWords(at)}</time>`
}

/** A moment as its day alone. */
export function dayOf(at: Instant): Html {
  return html`<time datetime="${isoOf(at)}">${days.format(at)}</time>`
}

/** A moment as its date, with its distance from now behind it. */
export function dateAndDistance(at: Instant, now: Instant): Html {
  return html`${date(at)} <span class="muted">(${distanceWords(at, now)})</span>`
}

function isoOf(at: Instant): string {
  return new Date(at).toISOString()
}

const calendar = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})
const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

const minute = 60_000
const shortest = ['minute', minute] as const
const units = [
  ['year', 365 * 24 * 60 * minute],
  ['day', 24 * 60 * minute],
  ['hour', 60 * minute],
  shortest,
] as const
