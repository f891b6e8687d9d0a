import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour, minute, second } from '../../src/testing/fixtures.ts'
import { aComputer, type Tab } from './a-computer.ts'

/** What the pages asked of the server since they were opened. */
function asking(computer: ReturnType<typeof aComputer>): () => readonly string[] {
  const before = computer.asked.length
  return () => computer.asked.slice(before)
}

async function signedIn(policy?: Parameters<typeof aComputer>[0], login = '/login') {
  const computer = aComputer(policy)
  await computer.request(login)
  const tab = await computer.open()
  return { computer, tab, asked: asking(computer) }
}

const idle = [{ kind: 'ended', reason: 'idle_timeout' }]

test('AUR-16 AUR-18 a page left alone counts down, warns, and leaves at the deadline when the server has agreed', async () => {
  const { computer, tab, asked } = await signedIn()
  await computer.pass(58 * minute - 1)
  assert.deepEqual([tab.view.phase, tab.view.remaining], ['counting', 2 * minute + 1])
  await computer.pass(1)
  assert.equal(tab.views.at(-1)?.phase, 'warning', 'it was shown, not only true')
  await computer.pass(2 * minute)
  assert.deepEqual(
    [tab.views.at(-1)?.remaining, tab.ends, asked()],
    [0, [], []],
    'nothing was asked until now',
  )
  await computer.pass(1)
  assert.deepEqual([tab.ends, tab.view.phase, asked()], [idle, 'over', ['/session']])
})

test('AUR-18 what is shown is right to the second, second by second', async () => {
  const { computer, tab } = await signedIn()
  await computer.pass(10 * second)
  const shown = tab.views.map(({ remaining }) => remaining)
  assert.deepEqual(shown.slice(-3), [hour - 8 * second, hour - 9 * second, hour - 10 * second])
})

for (const skew of [-2 * hour, 3 * hour])
  test(`AUR-18 a computer whose clock is ${skew / hour} hours off leaves no sooner and no later`, async () => {
    const computer = aComputer()
    computer.faults.skew = skew
    await computer.request('/login')
    const tab = await computer.open()
    await computer.pass(hour)
    assert.deepEqual(tab.ends, [])
    await computer.pass(1)
    assert.deepEqual(tab.ends, idle)
  })

test('AUR-18 a laptop that slept through the deadline asks as soon as it wakes, and shows nothing of the hour before', async () => {
  const { computer, tab, asked } = await signedIn()
  await computer.sleep(8 * hour)
  assert.deepEqual([tab.ends, asked()], [idle, ['/session']])
  assert.ok(
    tab.views.some(({ phase }) => phase === 'due'),
    'it was covered before the answer came',
  )
})

test('AUR-18 a laptop that slept for a while shows the right time, and has asked', async () => {
  const { computer, tab, asked } = await signedIn()
  await computer.sleep(10 * minute)
  assert.deepEqual([tab.view.remaining, asked()], [50 * minute, ['/session']])
  await computer.pass(5 * minute)
  assert.deepEqual(asked(), ['/session'], 'once')
})

for (const change of [-3 * hour, 3 * hour])
  test(`AUR-18 a clock that is set ${change / hour} hours ahead while the page is open is found out, and ends nothing`, async () => {
    const { computer, tab } = await signedIn()
    await computer.pass(10 * minute)
    computer.faults.skew = change
    await computer.pass(second)
    assert.deepEqual([tab.view.phase, tab.view.remaining, tab.ends], ['counting', 50 * minute - second, []])
    await computer.pass(50 * minute - second)
    assert.deepEqual(tab.ends, [])
    await computer.pass(1)
    assert.deepEqual(tab.ends, idle)
  })

test('AUR-19 A-31 looking never extends: a page that asks all the time ends on time', async () => {
  const { computer, tab } = await signedIn()
  for (let at = 0; at < 60; at++) {
    await computer.pass(minute)
    await tab.watch.look()
  }
  assert.deepEqual([tab.view.remaining, tab.ends], [0, []])
  await computer.pass(1)
  assert.deepEqual(tab.ends, idle)
})

test('AUR-19 a page loaded in one tab moves the end in the other, which asks nothing', async () => {
  const { computer, tab } = await signedIn()
  await computer.pass(59 * minute)
  assert.equal(tab.view.phase, 'warning')
  const other = await computer.open()
  assert.deepEqual([tab.view.phase, tab.view.remaining, other.view.remaining], ['counting', hour, hour])
  await computer.pass(hour)
  assert.deepEqual([tab.ends, other.ends], [[], []])
  assert.equal(computer.asked.filter((path) => path === '/session').length, 0)
  await computer.pass(second)
  assert.deepEqual([tab.ends, other.ends], [idle, idle])
})

test('AUR-16 at zero another device may have been active: the page asks, learns it, and stays', async () => {
  const { computer, tab, asked } = await signedIn()
  await computer.pass(30 * minute)
  // Nobody tells the tab: as if another browser window without script had the same cookie.
  await computer.request('/page')
  await computer.pass(30 * minute + 1)
  assert.deepEqual([tab.ends, tab.view.phase, tab.view.remaining], [[], 'counting', 30 * minute - 1])
  assert.deepEqual(asked(), ['/page', '/session'])
})

test('staying is one click, is told to every tab, and counts from the whole time again', async () => {
  const { computer, tab, asked } = await signedIn()
  const other = await computer.open()
  await computer.pass(59 * minute)
  await tab.watch.stay()
  await computer.pass(1)
  assert.deepEqual(
    [tab.view.remaining, other.view.remaining, other.view.phase],
    [hour - 1, hour - 1, 'counting'],
  )
  assert.deepEqual(asked(), ['/page', '/keep-alive'])
})

test('staying too late is no way back in: the page leaves with the reason', async () => {
  const { computer, tab } = await signedIn()
  await computer.auth.end({ subject: 'u-1' }, 'admin_revoked')
  await tab.watch.stay()
  await computer.pass(1)
  assert.deepEqual(tab.ends, [{ kind: 'ended', reason: 'admin_revoked' }])
})

test('staying does not move an end that is absolute', async () => {
  const { computer, tab } = await signedIn({ idleTimeout: '60m', absoluteTimeout: '90m', touchEvery: '0s' })
  assert.equal(tab.view.isExtendable, true)
  await computer.pass(50 * minute)
  await tab.watch.stay()
  assert.deepEqual([tab.view.remaining, tab.view.isExtendable], [40 * minute, false])
  await computer.pass(40 * minute + 1)
  assert.deepEqual(tab.ends, [{ kind: 'ended', reason: 'absolute_timeout' }])
})

test('a logout in one tab reaches all the others, by way of the server, with its reason', async () => {
  const { computer, tab } = await signedIn()
  const others: readonly Tab[] = [await computer.open(), await computer.open()]
  await computer.request('/logout')
  await tab.watch.tellEnd('user_logout')
  await computer.pass(1)
  for (const one of [tab, ...others]) assert.deepEqual(one.ends, [{ kind: 'ended', reason: 'user_logout' }])
})

test('a tab that claims an end ends nothing: the server is asked, and disagrees', async () => {
  const { computer, tab } = await signedIn()
  const other = await computer.open()
  await tab.watch.tellEnd('user_logout')
  await computer.pass(second)
  assert.deepEqual([tab.ends, other.ends, other.view.phase], [[], [], 'counting'])
})

test('a page is not left standing for the next person who signs in', async () => {
  const { computer, tab } = await signedIn()
  await computer.request('/logout')
  await computer.request('/login?as=u-2')
  const next = await computer.open('u-2')
  await computer.pass(1)
  assert.deepEqual([tab.ends, next.ends], [[{ kind: 'replaced' }], []])
})

test('a refusal of the page’s own request is looked into, and ends the page with the server’s reason', async () => {
  const { computer, tab } = await signedIn()
  await computer.auth.end({ subject: 'u-1' }, 'credential_changed')
  const answer = await tab.watch.fetch('https://app.example/keep-alive', { method: 'POST', body: 'x' })
  assert.equal(answer.status, 401)
  await computer.pass(1)
  assert.deepEqual(tab.ends, [{ kind: 'ended', reason: 'credential_changed' }])
})

for (const fault of [{ isOffline: true }, { status: 503 }, { status: 500 }])
  test(`AUR-16 at zero, while the server gives no answer (${JSON.stringify(fault)}), the page stays covered and asks on`, async () => {
    const { computer, tab, asked } = await signedIn()
    await computer.pass(hour)
    Object.assign(computer.faults, fault)
    await computer.pass(minute)
    assert.deepEqual([tab.view.phase, tab.view.isUnreachable, tab.ends], ['due', true, []])
    assert.equal(asked().length, 6, 'after 1, 2, 4, 8, 16, 30 seconds')
    computer.faults.isOffline = false
    delete computer.faults.status
    await computer.pass(30 * second)
    assert.deepEqual(tab.ends, idle)
  })

test('an outage in the middle of a session is waited out; nothing ends by it', async () => {
  const { computer, tab } = await signedIn()
  computer.faults.isOffline = true
  await tab.watch.look()
  await tab.watch.stay()
  assert.deepEqual([tab.view.phase, tab.view.isUnreachable, tab.ends], ['counting', true, []])
  computer.faults.isOffline = false
  await computer.pass(2 * second)
  assert.equal(tab.view.isUnreachable, false, 'what was owed is made good')
})

test('on a device that is remembered nothing is counted, and a timeout sends nobody away', async () => {
  const { computer, tab } = await signedIn({ idleTimeout: '60m', rememberFor: '30d' }, '/login?remember')
  assert.equal(tab.view.remaining, null)
  await computer.pass(hour + second)
  await tab.watch.look()
  assert.deepEqual([tab.view.phase, tab.ends], ['counting', []])
  await computer.request('/page')
  await tab.watch.look()
  assert.deepEqual([tab.view.remaining, tab.ends], [null, []], 'the restored session is remembered too')
  await computer.request('/logout')
  await tab.watch.tellEnd('user_logout')
  assert.deepEqual(tab.ends, [{ kind: 'ended', reason: 'user_logout' }])
})

test('a page that nobody sees sleeps by the minute, and is right at once when it is seen', async () => {
  const { computer, tab } = await signedIn()
  tab.watch.show(false)
  const before = tab.views.length
  await computer.pass(10 * minute)
  assert.ok(tab.views.length - before <= 11, `${tab.views.length - before} times`)
  await computer.pass(30 * second)
  tab.watch.show(true)
  assert.equal(tab.views.at(-1)?.remaining, 49 * minute + 30 * second)
})

test('a watch that was closed asks nothing and leaves no timer', async () => {
  const { computer, tab, asked } = await signedIn()
  tab.watch.close()
  const waiting = computer.clock.waiting
  await computer.pass(2 * hour)
  assert.deepEqual([asked(), tab.ends], [[], []])
  assert.ok(computer.clock.waiting <= waiting)
})
