import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  asks,
  type Countdown,
  deadlineOf,
  failed,
  heard,
  isExtendable,
  jumped,
  phaseOf,
  remaining,
  untilChange,
} from '../../src/client/countdown.ts'
import { hour, minute, second, start } from '../../src/testing/fixtures.ts'

/** A page whose clock is wrong by `skew`, told at 0 that its session is idle after `idle`, over after `absolute`. */
function aPage({
  idle = hour,
  absolute = null,
  skew = 0,
  warnBefore = 2 * minute,
}: Partial<Record<'idle' | 'absolute', number | null> & Record<'skew' | 'warnBefore', number>> = {}) {
  const moment = (elapsed: number | null): number | null => (elapsed === null ? null : start + elapsed)
  const expiry = { idle: moment(idle), absolute: moment(absolute), now: start }
  const here = (elapsed: number): number => start + elapsed + skew
  const first = heard(undefined, { expiry, at: here(0) }, warnBefore)
  return {
    first,
    here,
    at: (elapsed: number, countdown = first) => phaseOf(countdown, here(elapsed)),
    left: (elapsed: number, countdown = first) => remaining(countdown, here(elapsed)),
    again: (known: Countdown, more: { idle?: number; now: number; arrives?: number }) =>
      heard(
        known,
        {
          expiry: { ...known.expiry, now: start + more.now, idle: moment(more.idle ?? idle) },
          at: here(more.arrives ?? more.now),
        },
        warnBefore,
      ),
  }
}

for (const skew of [0, -3 * hour, 400 * 24 * hour])
  test(`AUR-18 an hour of inactivity by the server's clock, on a computer whose clock is ${skew / hour} hours off`, () => {
    const { at, left } = aPage({ skew })
    assert.equal(left(0), hour)
    assert.equal(at(58 * minute - 1), 'counting')
    assert.equal(at(58 * minute), 'warning')
    assert.equal(left(58 * minute), 2 * minute)
    assert.equal(at(hour), 'warning', 'the session is valid at its deadline')
    assert.equal(left(hour), 0)
    assert.equal(at(hour + 1), 'due')
    assert.equal(left(9 * hour), 0)
  })

test('AUR-18 the end is what comes first, idle or absolute, and only the former can be put off', () => {
  assert.equal(aPage({ idle: hour, absolute: 30 * minute }).left(0), 30 * minute)
  assert.equal(aPage({ idle: null, absolute: 30 * minute }).at(30 * minute + 1), 'due')
  const { at, left, first } = aPage({ idle: null })
  assert.deepEqual([at(1000 * hour), left(0), untilChange(first, 0)], ['counting', null, null])
  const now = start
  assert.equal(deadlineOf({ idle: null, absolute: null, now }), null)
  assert.equal(isExtendable({ idle: 5, absolute: 6, now }), true)
  assert.equal(isExtendable({ idle: 5, absolute: null, now }), true)
  assert.equal(isExtendable({ idle: 5, absolute: 5, now }), false)
  assert.equal(isExtendable({ idle: null, absolute: 5, now }), false)
})

test('a warning takes a third of short sessions at most, and 20 seconds at least', () => {
  const short = aPage({ idle: 3 * minute })
  assert.equal(short.at(2 * minute - 1), 'counting')
  assert.equal(short.at(2 * minute), 'warning')
  const shorter = aPage({ idle: 30 * second })
  assert.equal(shorter.at(10 * second - 1), 'counting')
  assert.equal(shorter.at(10 * second), 'warning')
})

test('AUR-19 an answer that moves the end moves the warning with it; one that does not leaves both', () => {
  const { first, at, left, again } = aPage()
  const extended = again(first, { now: 59 * minute, idle: 119 * minute })
  assert.equal(left(59 * minute, extended), hour)
  assert.equal(at(117 * minute - 1, extended), 'counting')
  assert.equal(at(117 * minute, extended), 'warning')
  const polled = again(first, { now: 59 * minute })
  assert.equal(at(59 * minute, polled), 'warning', 'a poll near the end makes no new, shorter warning')
  assert.equal(polled.warnAt, first.warnAt)
})

test('of two answers the one that was given later holds, in whatever order they arrive', () => {
  const { first, again } = aPage()
  const late = again(first, { now: 10 * minute, idle: 70 * minute, arrives: 10 * minute })
  const overtaken = again(late, { now: 9 * minute, idle: 69 * minute, arrives: 11 * minute })
  assert.equal(overtaken, late)
})

test('at the end the server is asked, and after a failure again, later each time', () => {
  const { first, here } = aPage()
  assert.equal(asks(first, here(hour)), false)
  assert.equal(asks(first, here(hour + 1)), true)
  let known = first
  for (const rest of [1, 2, 4, 8, 16, 30, 30]) {
    known = failed(known, here(hour + 1))
    assert.equal(asks(known, here(hour + rest * second)), false, `${rest}`)
    assert.equal(asks(known, here(hour + 1 + rest * second)), true, `${rest}`)
    assert.equal(untilChange(known, here(hour + 1)), rest * second)
  }
  assert.equal(jumped(known, here(-9 * hour)).restUntil, here(-9 * hour), 'a clock set back delays nothing')
})

test('what is due right after an answer is asked again a second later, not in a storm', () => {
  const { first, again, here } = aPage()
  const late = again(first, { now: hour + 1 })
  assert.equal(asks(late, here(hour + second)), false)
  assert.equal(asks(late, here(hour + 1 + second)), true)
})

test('the next change is the warning, then the end', () => {
  const { first, here } = aPage()
  assert.equal(untilChange(first, here(0)), 58 * minute)
  assert.equal(untilChange(first, here(58 * minute)), 2 * minute + 1)
  assert.equal(untilChange(first, here(hour)), 1)
})
