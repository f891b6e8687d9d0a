import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { endSentences } from 'sojourn'
import { aSite, iphone, password, signIn, signUp } from './a-site.ts'
import { launchChromium, noChromium } from './chromium.ts'

const minute = 60_000

describe('signing in, in a real browser', { skip: noChromium }, () => {
  let chromium: Browser
  before(async () => {
    chromium = await launchChromium()
  })
  after(() => chromium.close())

  test('SLI-22 P-11 a person ends the session of another browser, which is told so at its next request, and why', async (t) => {
    const site = await aSite(t, chromium)
    const desktop = await site.person()
    await desktop.page.goto('/')
    assert.equal(await heading(desktop.page), 'Sign in')
    await desktop.page.getByRole('link', { name: 'Sign up' }).click()
    await signUp(desktop.page, 'uma@example.com')
    assert.equal(await heading(desktop.page), 'Your sessions')
    await desktop.page.getByText('No other sessions').waitFor()

    const phone = await site.person({ userAgent: iphone })
    await phone.page.goto('/account/sessions')
    await signIn(phone.page, 'uma@example.com')
    assert.equal(new URL(phone.page.url()).pathname, '/account/sessions', 'the way back was kept')

    await desktop.page.reload()
    const cards = desktop.page.getByRole('main').getByRole('listitem')
    assert.deepEqual(await cards.getByRole('heading').allInnerTexts(), [
      'Firefox on Windows This device',
      'Safari on iOS',
    ])
    await desktop.page.getByRole('button', { name: 'End session on Safari, iOS' }).click()
    assert.equal(
      await desktop.page.getByRole('main').getByRole('status').innerText(),
      'The session was ended. That browser is told at its next request.',
    )
    assert.equal(await cards.count(), 1)

    await phone.page.reload()
    assert.equal(await heading(phone.page), 'Sign in')
    assert.equal(await phone.page.getByRole('status').innerText(), endSentences.user_revoked)
    assert.equal(new URL(phone.page.url()).searchParams.get('reason'), 'user_revoked')

    await desktop.page.reload()
    assert.equal(await heading(desktop.page), 'Your sessions', 'the one who ended it goes on')
    assert.deepEqual([desktop.complaints, phone.complaints], [[], []])
  })

  test('P-11 a sign-in that makes room under a limit tells the browser that had to go', async (t) => {
    const site = await aSite(t, chromium)
    await site.accounts.create({
      name: 'Uma',
      email: 'uma@example.com',
      password,
      roles: ['user'],
      sessionLimit: 1,
    })
    const [first, second] = [await site.person(), await site.person({ userAgent: iphone })]
    for (const { page } of [first, second]) {
      await page.goto('/login')
      await signIn(page, 'uma@example.com')
      assert.equal(await heading(page), 'Your sessions')
      site.clock.advance(minute)
    }
    await first.page.reload()
    assert.equal(await first.page.getByRole('status').innerText(), endSentences.evicted_by_limit)
  })

  test('AUR-15 a browser left alone past the inactivity period is led to the sign-in, and back from it', async (t) => {
    const site = await aSite(t, chromium, { SOJOURN_POLICY: 'aurora' })
    const { page } = await site.signedUp('uma@example.com')
    site.clock.advance(60 * minute)
    await page.goto('/account/sessions?from=a+bookmark')
    assert.equal(await heading(page), 'Your sessions', 'at the very end of the period')
    site.clock.advance(60 * minute + 1)
    await page.reload()
    const { pathname, searchParams } = new URL(page.url())
    assert.deepEqual(
      [pathname, ...searchParams],
      ['/login', ['reason', 'idle_timeout'], ['return_to', '/account/sessions?from=a+bookmark']],
    )
    assert.equal(await page.getByRole('status').innerText(), endSentences.idle_timeout)
    await signIn(page, 'uma@example.com')
    assert.equal(page.url(), `${site.origin}/account/sessions?from=a+bookmark`)
  })

  test('after the sign-out, the Back button shows nothing that was protected', async (t) => {
    const site = await aSite(t, chromium)
    const { page } = await site.signedUp('uma@example.com')
    const answer = await page.goto('/account/sessions')
    assert.equal(await answer?.headerValue('cache-control'), 'no-store')
    await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
    assert.equal(await page.getByRole('status').innerText(), endSentences.user_logout)
    // Shown from what the browser kept, the page would have no load to wait for, and its own address.
    await page.goBack({ waitUntil: 'commit' })
    await page.waitForURL(/\/login\?.*return_to/)
    assert.equal(await heading(page), 'Sign in')
    assert.doesNotMatch(await page.content(), /Uma|Your sessions/)
  })

  test('A-13 a form on another site signs nobody out, and the person sees a page that says so', async (t) => {
    const site = await aSite(t, chromium)
    const { page, complaints } = await site.signedUp('uma@example.com')
    const form = `<form method="post" action="${site.origin}/logout"><button>Win a prize</button></form>`
    const elsewhere = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html').end(form)
    }).listen(0, '127.0.0.1')
    t.after(() => elsewhere.close())
    await once(elsewhere, 'listening')
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`)
    await page.getByRole('button', { name: 'Win a prize' }).click()
    assert.equal(await heading(page), 'Not allowed from there')
    assert.deepEqual(
      complaints.filter((text) => !text.includes('403')),
      [],
    )
    await page.getByRole('link', { name: 'Go to the sign-in page' }).click()
    assert.equal(await heading(page), 'Your sessions', 'nobody was signed out')
  })

  test('R-22 the keyboard alone reaches the sign-out of every page', async (t) => {
    const site = await aSite(t, chromium)
    await site.accounts.create({ name: 'Ada', email: 'ada@example.com', password, roles: ['super-admin'] })
    const { page } = await site.person()
    for (const path of [
      '/account/sessions',
      '/logout',
      '/nova/resources/auth-sessions',
      '/nothing-is-here',
    ]) {
      await page.goto('/login')
      if ((await heading(page)) === 'Sign in') await signIn(page, 'ada@example.com')
      await page.goto(path)
      await tabTo(page, page.locator('.menu summary'))
      await tabTo(page, page.locator('.menu').getByRole('button', { name: 'Sign out' }))
      await page.keyboard.press('Enter')
      assert.equal(await page.getByRole('status').innerText(), endSentences.user_logout, path)
    }
  })

  test('the menu opens by a tap and closes by the next', async (t) => {
    const site = await aSite(t, chromium)
    const { page } = await site.signedUp('uma@example.com')
    const summary = page.locator('.menu summary')
    const signOut = page.locator('.menu').getByRole('button', { name: 'Sign out' })
    assert.equal(await signOut.isVisible(), false)
    await summary.click()
    assert.equal(await signOut.isVisible(), true)
    await summary.click()
    await page.mouse.move(10, 600)
    assert.equal(await signOut.isVisible(), false)
  })

  test('an administrator finds the session of a person and ends it, and the person is told by whom', async (t) => {
    const site = await aSite(t, chromium)
    await site.accounts.create({ name: 'Ada', email: 'ada@example.com', password, roles: ['super-admin'] })
    const uma = await site.signedUp('uma@example.com', { userAgent: iphone })
    await uma.page.goto('/nova/resources/auth-sessions')
    assert.equal(await heading(uma.page), 'Not allowed')

    const { page, complaints } = await site.person()
    await page.goto('/nova/resources/auth-sessions')
    await signIn(page, 'ada@example.com')
    await page.getByLabel('Subject or e-mail').fill('uma@example.com')
    await page.getByRole('button', { name: 'Filter' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Safari on iOS' })
    await row.getByRole('link').click()
    await page.getByText('End this session…').click()
    await page.getByRole('button', { name: 'End session' }).click()
    await page.getByText('admin_revoked').first().waitFor()
    assert.deepEqual(complaints, [])

    await uma.page.goto('/account/sessions')
    assert.equal(await uma.page.getByRole('status').innerText(), endSentences.admin_revoked)
  })

  test('nothing on a narrow screen lies beside it', async (t) => {
    const site = await aSite(t, chromium)
    await site.accounts.create({ name: 'Ada', email: 'ada@example.com', password, roles: ['super-admin'] })
    const left = await site.person({ userAgent: iphone })
    await left.page.goto('/login')
    await signIn(left.page, 'ada@example.com', { remember: true })
    site.clock.advance(120 * minute + 1)
    const { page } = await site.person({ width: 320, script: true })
    const fits = async (path: string): Promise<void> => {
      await page.goto(path)
      const [asked, given] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )
      assert.equal(asked, given, path)
    }
    for (const path of ['/signup', '/nothing-is-here', '/login']) await fits(path)
    await signIn(page, 'ada@example.com')
    for (const path of ['/account/sessions', '/logout', '/nova/resources/auth-sessions?state=any'])
      await fits(path)
    await page.goto('/nova/resources/auth-sessions?state=restorable')
    await page.getByRole('table').getByRole('link').click()
    await page.getByText('Can come back').waitFor()
    await fits(page.url())
  })
})

async function heading(page: Page): Promise<string> {
  return page.getByRole('heading', { level: 1 }).innerText()
}

/** Presses Tab until the element has the focus, and no more often than a page has stops. */
async function tabTo(page: Page, element: ReturnType<Page['locator']>): Promise<void> {
  for (let stop = 0; stop < 30; stop++) {
    await page.keyboard.press('Tab')
    if (
      await element.evaluate(
        (node) =>
          node === (node as { ownerDocument?: { activeElement: unknown } }).ownerDocument?.activeElement,
      )
    )
      return
  }
  assert.fail('30 stops, and it never had the focus')
}
