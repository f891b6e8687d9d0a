import assert from 'node:assert/strict'
import test from 'node:test'
import { endReasons } from 'sojourn'
import { accountSessions, type AccountSessionsView } from '../src/pages/account-sessions.ts'
import { novaAuthSession } from '../src/pages/nova-auth-session.ts'
import { novaAuthSessions, type NovaAuthSessionsView } from '../src/pages/nova-auth-sessions.ts'
import { now, plain, sessionOf } from './pages/every-page.ts'
import { tagsOf, textOf } from './pages/outline.ts'

const viewer = { name: 'Ada', isAdmin: true }
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1'
const here = { ...sessionOf(plain), id: 'here', ip: '203.0.113.7', isCurrent: true, restorableUntil: null }
const there = { ...here, id: 'there', ip: '2001:db8::7', userAgent: iphone, isCurrent: false }

const own = (over: Partial<AccountSessionsView> = {}) =>
  accountSessions({ viewer, now, sessions: [there, here], cursor: null, ...over })
const all = (over: Partial<NovaAuthSessionsView> = {}) =>
  novaAuthSessions({ viewer, now, filter: {}, sessions: [sessionOf(plain)], cursor: null, ...over })

test('SLI-19 My Account lists the device and browser type of each session, Unknown where they cannot be read', () => {
  const cards = cardsOf(own({ sessions: [here, there, { ...there, id: 'odd', userAgent: null, ip: null }] }))
  assert.match(cards[0] ?? '', /Firefox on Windows.*Device Computer/)
  assert.match(cards[1] ?? '', /Safari on iOS.*Device Phone/)
  assert.match(cards[2] ?? '', /Unknown device.*Device Unknown IP address Unknown/)
})

test('SLI-20 the last activity of each session, in words and as a date for programs', () => {
  const [current, other] = cardsOf(own())
  assert.match(current ?? '', /Last activity just now/, 'the request at hand')
  assert.match(other ?? '', /Last activity 5 minutes ago/)
  const times = tagsOf(own()).flatMap(({ name, attributes }) =>
    name === 'time' ? [attributes['datetime']] : [],
  )
  assert.ok(times.includes('2026-11-21T11:55:00.000Z'))
})

test('SLI-22 the current session is labelled and stands first; each other one has its own button to end it', () => {
  const markup = own()
  const [current, other] = cardsOf(markup)
  assert.match(current ?? '', /This device/)
  assert.doesNotMatch(other ?? '', /This device/)
  assert.deepEqual(actionsOf(markup), [
    '/logout',
    '/account/sessions/there/end',
    '/account/sessions/end-others',
  ])
  assert.deepEqual(buttonsOf(markup), ['Sign out', 'End session on Safari, iOS', 'End all other sessions'])
})

test('buttons of sessions that look alike are told apart by when their person signed in', () => {
  const twin = { ...there, id: 'twin', authenticatedAt: now - 120_000 }
  assert.deepEqual(buttonsOf(own({ sessions: [here, there, twin] })).slice(1, 3), [
    'End session on Safari, iOS, signed in 21 Nov 2026, 11:59 UTC',
    'End session on Safari, iOS, signed in 21 Nov 2026, 11:58 UTC',
  ])
})

test('a person with one session sees that there is no other, and no button to end what is not there', () => {
  const markup = own({ sessions: [here] })
  assert.match(textOf(markup), /No other sessions/)
  assert.doesNotMatch(markup, /end-others/)
})

test('SLI-38 what can come back is flagged with its last day, counted apart, and can be ended', () => {
  const waiting = { ...there, id: 'waiting', restorableUntil: now + 86_400_000 }
  const markup = own({ sessions: [here, there, waiting] })
  assert.match(
    textOf(markup),
    /You are signed in at 2 places, and 1 more can come back without signing in\. End any/,
  )
  const cards = cardsOf(markup)
  assert.doesNotMatch(cards.slice(0, 2).join(), /Can come back/)
  assert.match(cards[2] ?? '', /Can come back .*Without signing in until 22 Nov 2026, 12:00 UTC/)
  assert.ok(actionsOf(markup).includes('/account/sessions/waiting/end'))
  assert.match(textOf(own({ sessions: [here] })), /You are signed in at 1 place\. End any/)
  assert.doesNotMatch(textOf(own({ cursor: 'more' })), /\d places/, 'nobody has counted the other pages')
})

test('a person who came back by a remembered device signed in when they last proved who they are', () => {
  const restored = { ...there, createdAt: now - 60_000, authenticatedAt: now - 86_400_000 }
  assert.match(cardsOf(own({ sessions: [here, restored] }))[1] ?? '', /Signed in 20 Nov 2026, 12:00 UTC/)
})

test('more sessions than one page holds: the next page is linked, and the first from a later one', () => {
  assert.ok(linksOf(own({ cursor: 'a/b+c' })).includes('/account/sessions?cursor=a%2Fb%2Bc'))
  const last = own({ sessions: [], isLaterPage: true })
  assert.ok(linksOf(last).includes('/account/sessions'))
  assert.doesNotMatch(textOf(last), /No other sessions/)
})

test('an id from outside stays one segment of the path', () => {
  assert.ok(
    actionsOf(own({ sessions: [{ ...there, id: '../../logout?x' }] })).includes(
      '/account/sessions/..%2F..%2Flogout%3Fx/end',
    ),
  )
})

test('administrators see state and reason in words and in the words of programs', () => {
  for (const reason of endReasons) {
    const session = sessionOf(plain, { endedAt: now - 1, endReason: reason })
    assert.match(textOf(all({ sessions: [session] })), new RegExp(`Ended [A-Z][\\w -]+ ${reason}`))
  }
  assert.match(textOf(all()), /Live/)
})

test('a session is live at its last valid moment, and over one millisecond later though nothing has marked it yet', () => {
  const session = sessionOf(plain, { lastSeenAt: now - 7_200_000, lag: 0 })
  assert.match(textOf(all({ sessions: [session] })), / Live Firefox/)
  assert.match(textOf(all({ sessions: [session], now: now + 1 })), / Over not marked yet Firefox/)
})

test('administrators see what can come back, swept or not, as such and no longer than it can', () => {
  const over = { lastSeenAt: now - 86_400_000, family: 'f', rememberedUntil: now }
  const swept = { ...over, endedAt: now - 1, endReason: 'idle_timeout' as const }
  for (const session of [sessionOf(plain, over), sessionOf(plain, swept)]) {
    assert.match(textOf(all({ sessions: [session] })), /Can come back until 21 Nov 2026, 12:00 UTC/)
    assert.doesNotMatch(textOf(all({ sessions: [session], now: now + 1 })), /Can come back until/)
    const markup = novaAuthSession({ viewer, now, session })
    assert.ok(actionsOf(markup).includes(`/nova/resources/auth-sessions/${session.id}/end`))
  }
  const live = sessionOf(plain, { family: 'f', rememberedUntil: now })
  assert.match(textOf(all({ sessions: [live] })), / Live Firefox/)
})

test('the filter shows what it filtered by, and its pages keep it', () => {
  const filter = { subject: 'u-42 & co', state: 'ended', reason: 'idle_timeout', method: 'password' } as const
  const markup = all({ filter, cursor: 'next', isLaterPage: true })
  const query = 'subject=u-42+%26+co&state=ended&reason=idle_timeout&method=password'
  assert.ok(linksOf(markup).includes(`/nova/resources/auth-sessions?${query}&cursor=next`))
  assert.ok(linksOf(markup).includes(`/nova/resources/auth-sessions?${query}`))
  const chosen = tagsOf(markup).flatMap(({ name, attributes }) =>
    name === 'option' && 'selected' in attributes ? [attributes['value']] : [],
  )
  assert.deepEqual(chosen, ['ended', 'idle_timeout'])
})

test('an empty list of the administrators says whether the filter is why', () => {
  assert.match(textOf(all({ sessions: [] })), /No sessions(?! match)/)
  assert.match(textOf(all({ sessions: [], filter: { subject: 'u-1' } })), /No sessions match this filter/)
})

test('one session: all that is kept of it, and nothing of its fingerprint but that there is one', () => {
  const session = sessionOf(plain, {
    family: 'the-family',
    parent: 'the-parent',
    actor: 'the-actor',
    endedBy: 'the-admin',
  })
  const text = textOf(novaAuthSession({ viewer, now, session }))
  for (const value of [session.id, 'the-family', 'the-parent', 'the-actor', 'the-admin', '2h', 'Mozilla/5.0'])
    assert.ok(text.includes(value), value)
  assert.match(text, /Bound to its browser Yes/)
})

test('ending one asks first, and warns whose it is; what has ended cannot be ended again', () => {
  const session = sessionOf(plain)
  const markup = novaAuthSession({ viewer, now, session, isCurrent: true })
  const [, ask] = tagsOf(markup).filter(({ name }) => name === 'details')
  assert.equal(ask?.attributes['open'], undefined)
  assert.match(ask?.text ?? '', /This is your own session/)
  assert.ok(actionsOf(markup).includes(`/nova/resources/auth-sessions/${session.id}/end`))
  const ended = novaAuthSession({
    viewer,
    now,
    session: sessionOf(plain, { endedAt: now, endReason: 'user_logout' }),
  })
  assert.doesNotMatch(ended, /End session/)
})

function cardsOf(markup: string): readonly string[] {
  return tagsOf(markup).flatMap(({ name, attributes, text }) =>
    name === 'li' && attributes['class']?.startsWith('session') ? [text] : [],
  )
}

/** The frame's own form comes first and is left out. */
function actionsOf(markup: string): readonly (string | undefined)[] {
  return tagsOf(markup)
    .flatMap(({ name, attributes }) => (name === 'form' ? [attributes['action']] : []))
    .slice(1)
}

function buttonsOf(markup: string): readonly string[] {
  return tagsOf(markup)
    .flatMap(({ name, text }) => (name === 'button' ? [text] : []))
    .slice(1)
}

function linksOf(markup: string): readonly (string | undefined)[] {
  return tagsOf(markup.slice(markup.indexOf('<main'))).flatMap(({ name, attributes }) =>
    name === 'a' ? [attributes['href']] : [],
  )
}
