import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { endSentences } from 'sojourn'
import { aDesk, trueLeft } from './a-desk.ts'
import { password, signIn } from './a-site.ts'
import { launchChromium, noChromium } from './chromium.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

const dialogOf = (page: Page) => page.getByRole('alertdialog')
const leftOf = (page: Page) => page.locator('.menu [data-session-remaining]')

/** The time that a page shows, in milliseconds. */
async function shownLeft(page: Page): Promise<number> {
  const text = (await leftOf(page).textContent()) ?? ''
  assert.match(text, /^(?:\d+:)?\d+:\d\d$/)
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * second
}

/** Waits for what a message to a tab brings about. */
async function eventually(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 200; turn++) if (await holds()) return
  assert.fail(what)
}

describe('the end of a session, in a real browser', { skip: noChromium }, () => {
  let chromium: Browser
  before(async () => {
    chromium = await launchChromium()
  })
  after(() => chromium.close())

  test('AUR-16 a window left open leads to the sign-in at the deadline with nobody there, and Back shows nothing', async (t) => {
    const desk = await aDesk(t, chromium)
    const { page, pass, complaints } = desk
    await page.goto('/nova/resources/auth-sessions?state=any')
    const entries = await page.evaluate<number>('history.length')
    await pass(hour - 5 * second)
    await dialogOf(page).waitFor()
    assert.equal(await trueLeft(desk), 5 * second, 'the warning extends nothing')
    await pass(5 * second + 1)
    await page.waitForURL(/\/login\?/)
    const { pathname, searchParams } = new URL(page.url())
    assert.deepEqual(
      [pathname, searchParams.get('reason'), searchParams.get('return_to')],
      ['/login', 'idle_timeout', '/nova/resources/auth-sessions?state=any'],
    )
    assert.equal(await page.getByRole('status').innerText(), endSentences.idle_timeout)
    assert.equal(await page.evaluate<number>('history.length'), entries, 'it took the place of the page')
    await page.goBack({ waitUntil: 'commit' })
    await page.waitForURL(/\/login/)
    assert.doesNotMatch(await page.content(), /Uma|Your sessions|uma@example/)
    assert.deepEqual(complaints, [])
  })

  test('AUR-16 a page that the browser kept for Back is covered until the server has answered', async (t) => {
    const { page, context, site } = await aDesk(t, chromium)
    const turn = (name: string) =>
      page.evaluate(`dispatchEvent(new PageTransitionEvent('${name}', { persisted: true }))`)
    const isCovered = () => page.evaluate<boolean>('document.documentElement.hidden')
    await turn('pagehide')
    assert.equal(await isCovered(), true, 'it is kept covered')
    await turn('pageshow')
    await eventually(async () => !(await isCovered()), 'its person is still signed in')
    await turn('pagehide')
    await context.clearCookies()
    await site.sessions.end(
      { subject: (await site.accounts.findByEmail('uma@example.com'))?.id ?? '' },
      'admin_revoked',
    )
    await turn('pageshow')
    await page.waitForURL(/\/login\?/)
  })

  test('AUR-17 AUR-18 every page shows the time that is left in the menu of the person, by hover, focus and tap', async (t) => {
    const desk = await aDesk(t, chromium)
    const { page, pass } = desk
    await pass(10 * minute)
    for (const path of [
      '/account/sessions',
      '/logout',
      '/nova/resources/auth-sessions',
      '/nothing-is-here',
    ]) {
      await page.goto(path)
      const summary = page.locator('.menu summary')
      const opens = async (how: string): Promise<void> => {
        await leftOf(page).waitFor()
        assert.ok(Math.abs((await shownLeft(page)) - hour) <= second, `${path} by ${how}`)
        await page.mouse.move(10, 600)
      }
      const closed = () => eventually(async () => !(await leftOf(page).isVisible()), `${path} is closed`)
      await closed()
      await summary.hover()
      await opens('hover')
      await closed()
      await page.keyboard.press('Tab')
      await summary.focus()
      await opens('focus')
      await page.locator('main').focus()
      await closed()
      await summary.click()
      await opens('tap')
    }
  })

  test('AUR-18 the countdown is within a second of the server’s, on a clock that is hours off, and after a sleep', async (t) => {
    const desk = await aDesk(t, chromium)
    const { page, pass } = desk
    for (const millis of [0, second, 7 * minute, 30 * minute, 20 * minute]) {
      await pass(millis)
      const truth = await trueLeft(desk)
      await eventually(
        async () => Math.abs((await shownLeft(page)) - truth) <= second,
        `${truth} after ${millis}, and it shows ${await shownLeft(page)}`,
      )
    }
    await pass(8 * hour)
    await page.waitForURL(/\/login\?reason=idle_timeout/)
  })

  for (const means of ['BroadcastChannel', 'storage'])
    test(`AUR-19 a page loaded in one tab moves the countdown of the other, which asks nothing (${means})`, async (t) => {
      const desk = await aDesk(t, chromium)
      const { page, context, tab, pass, asked } = desk
      if (means === 'storage') await context.addInitScript('delete globalThis.BroadcastChannel')
      await page.reload()
      const other = await tab()
      await pass(59 * minute)
      await Promise.all([page, other].map((one) => dialogOf(one).waitFor()))
      asked.length = 0
      await other.reload()
      await dialogOf(page).waitFor({ state: 'hidden' })
      assert.ok(Math.abs((await shownLeft(page)) - hour) <= second)
      assert.deepEqual(asked, ['GET /account/sessions'])
    })

  test('one click stays signed in, for every tab, and the other tab’s warning goes', async (t) => {
    const desk = await aDesk(t, chromium)
    const { page, tab, pass, asked, complaints } = desk
    const other = await tab()
    await pass(59 * minute)
    await dialogOf(other).waitFor()
    await other.bringToFront()
    assert.match(await other.title(), /^\d:\d\d left · Your sessions/)
    const stay = dialogOf(other).getByRole('button', { name: 'Stay signed in' })
    assert.equal(await other.locator('button:focus').innerText(), 'Stay signed in')
    asked.length = 0
    await stay.click()
    await Promise.all([page, other].map((one) => dialogOf(one).waitFor({ state: 'hidden' })))
    assert.equal(await trueLeft(desk), hour)
    assert.deepEqual(asked, ['POST /api/v1/session/keep-alive'])
    assert.match(await other.title(), /^Your sessions/)
    assert.deepEqual(complaints, [])
  })

  test('Escape says "I am here" too', async (t) => {
    const desk = await aDesk(t, chromium)
    await desk.pass(59 * minute)
    await dialogOf(desk.page).waitFor()
    await desk.page.keyboard.press('Escape')
    await dialogOf(desk.page).waitFor({ state: 'hidden' })
    assert.equal(await trueLeft(desk), hour)
  })

  test('R-22 signing out from the warning ends the session, and the other tab goes with it, and says why', async (t) => {
    const { page, tab, pass } = await aDesk(t, chromium)
    const other = await tab('/nova/resources/auth-sessions')
    await pass(59 * minute)
    await dialogOf(page).getByRole('button', { name: 'Sign out now' }).click()
    for (const one of [page, other]) {
      await one.waitForURL(/\/login\?reason=user_logout/)
      assert.equal(await one.getByRole('status').innerText(), endSentences.user_logout)
    }
  })

  test('a session that an administrator ends is left by its page at the next sign, with the reason', async (t) => {
    const { site, page, tab } = await aDesk(t, chromium)
    const uma = await site.accounts.findByEmail('uma@example.com')
    await site.sessions.end({ subject: uma?.id ?? '' }, 'admin_revoked')
    const other = await tab()
    for (const one of [other, page]) {
      await one.waitForURL(/\/login\?reason=admin_revoked/)
      assert.equal(await one.getByRole('status').innerText(), endSentences.admin_revoked)
    }
  })

  test('at zero the server is asked first: what had been extended elsewhere goes on', async (t) => {
    const desk = await aDesk(t, chromium)
    const { page, context, site, pass, asked } = desk
    await pass(30 * minute)
    // A request that no tab hears of.
    await context.request.get(`${site.origin}/account/sessions`)
    asked.length = 0
    await pass(30 * minute + second)
    await eventually(async () => asked.length > 0, 'it asks')
    await eventually(async () => (await shownLeft(page)) > 29 * minute, 'it learns')
    assert.equal(await dialogOf(page).isVisible(), false)
    assert.deepEqual([asked, new URL(page.url()).pathname], [['GET /api/v1/session'], '/account/sessions'])
  })

  test('AUR-16 at zero without a network, the page is covered and kept so, and leaves when the server is back', async (t) => {
    const { page, context, pass } = await aDesk(t, chromium)
    await pass(59 * minute)
    await context.setOffline(true)
    await pass(minute + 1)
    const dialog = dialogOf(page)
    await dialog.getByText('The server cannot be reached').waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await dialog.isVisible(), true)
    assert.equal(await dialog.getByRole('button').count(), 0)
    const backdrop = 'getComputedStyle(document.querySelector("dialog"), "::backdrop").backgroundColor'
    assert.match(await page.evaluate<string>(backdrop), /^rgb\(/, 'nothing shines through')
    await context.setOffline(false)
    await pass(30 * second)
    await page.waitForURL(/\/login\?reason=idle_timeout/)
  })

  test('a page is not left standing for the next person who signs in at the same computer', async (t) => {
    const { site, page, tab } = await aDesk(t, chromium)
    await site.accounts.create({ name: 'Ben', email: 'ben@example.com', password, roles: ['user'] })
    await page.goto('/account/sessions')
    const other = await tab('/logout')
    // The page cannot ask before the next person is there: it has to notice whose answer it gets.
    await page.route('**/api/v1/session', (route) => route.abort())
    await other.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
    await other.waitForURL(/\/login/)
    await signIn(other, 'ben@example.com')
    await other.getByRole('heading', { name: 'Your sessions' }).waitFor()
    await page.unroute('**/api/v1/session')
    await page.getByText('Ben').first().waitFor()
    assert.doesNotMatch(await page.content(), /Uma/)
  })

  test('on a device that is remembered nothing is counted and nobody is warned', async (t) => {
    const { site } = await aDesk(t, chromium, { SOJOURN_POLICY: 'stay-logged-in' })
    const { page } = await site.person({ script: true })
    await page.clock.install({ time: site.clock.now() })
    await page.goto('/login')
    await signIn(page, 'uma@example.com', { remember: true })
    await page.getByRole('heading', { name: 'Your sessions' }).waitFor()
    site.clock.advance(3 * hour)
    await page.clock.fastForward(3 * hour)
    assert.equal(await leftOf(page).count(), 0)
    assert.equal(await dialogOf(page).isVisible(), false)
    await page.reload()
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Your sessions')
  })
})
