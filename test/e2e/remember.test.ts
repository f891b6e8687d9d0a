import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { endSentences } from 'sojourn'
import { aSite, iphone, password, signIn, type Site } from './a-site.ts'
import { launchChromium, noChromium } from './chromium.ts'

const hour = 3_600_000
const email = 'uma@example.com'

describe('staying signed in, in a real browser', { skip: noChromium }, () => {
  let chromium: Browser
  before(async () => {
    chromium = await launchChromium()
  })
  after(() => chromium.close())

  const aPerson = async (t: TestContext): Promise<Site> => {
    const site = await aSite(t, chromium)
    await site.accounts.create({ name: 'Uma', email, password, roles: ['user'] })
    return site
  }

  test('SLI-04 SLI-40 P-11 a person who checked the box goes on after two hours as if nothing had been', async (t) => {
    const site = await aPerson(t)
    const { page, complaints } = await site.person()
    await page.goto('/account/sessions')
    const box = page.getByLabel('Keep me signed in on this device')
    assert.equal(await box.isChecked(), false)
    await signIn(page, email, { remember: true })
    const before = await cookiesOf(page.context())
    site.clock.advance(2 * hour + 1)
    await page.reload()
    assert.equal(await heading(page), 'Your sessions')
    assert.equal(page.url(), `${site.origin}/account/sessions`)
    const now = await cookiesOf(page.context())
    assert.deepEqual([...now.keys()], [...before.keys()])
    for (const [name, value] of now) assert.equal(value === before.get(name), name === device)
    assert.deepEqual(complaints, [])
  })

  test('SLI-04 PCA-03 a browser that was closed knows its person where the box was checked, and nobody where not', async (t) => {
    const site = await aPerson(t)
    for (const [remember, shown] of [
      [true, 'Your sessions'],
      [false, 'Sign in'],
    ] as const) {
      const { page } = await site.person()
      await page.goto('/login')
      await signIn(page, email, { remember })
      // What a browser keeps when it is closed is what has a date.
      const kept = (await page.context().cookies()).filter(({ expires }) => expires !== -1)
      const reopened = await chromium.newContext({
        baseURL: site.origin,
        storageState: { cookies: kept, origins: [] },
      })
      t.after(() => reopened.close())
      const next = await reopened.newPage()
      await next.goto('/account/sessions')
      assert.equal(await heading(next), shown)
    }
  })

  test('SLI-40 a form that was filled in for hours is not lost', async (t) => {
    const site = await aPerson(t)
    const { page } = await site.person()
    await page.goto('/login')
    await signIn(page, email, { remember: true })
    site.clock.advance(hour)
    const phone = await site.person({ userAgent: iphone })
    await phone.page.goto('/login')
    await signIn(phone.page, email)
    await page.goto('/account/sessions')
    site.clock.advance(2 * hour + 1)
    await phone.page.goto('/login')
    await signIn(phone.page, email)
    // The page that stands there since two hours still shows the phone's first session, which is over by now.
    await page.getByRole('button', { name: 'End all other sessions' }).click()
    assert.equal(
      await page.getByRole('main').getByRole('status').innerText(),
      'All your other sessions were ended.',
    )
    await phone.page.reload()
    assert.equal(await phone.page.getByRole('status').innerText(), endSentences.user_revoked)
  })

  test('SLI-38 R-54 a person sees what can come back, takes it away, and the other browser has to sign in', async (t) => {
    const site = await aPerson(t)
    const phone = await site.person({ userAgent: iphone })
    await phone.page.goto('/login')
    await signIn(phone.page, email, { remember: true })
    site.clock.advance(2 * hour + 1)
    const { page, complaints } = await site.person()
    await page.goto('/login')
    await signIn(page, email)
    const cards = page.getByRole('main').getByRole('listitem')
    assert.match(await cards.nth(1).innerText(), /Safari on iOS\s+Can come back[^]*until\s+31 Jan 2026/)
    await page.getByRole('button', { name: 'End session on Safari, iOS' }).click()
    await page.getByText('No other sessions').waitFor()
    await phone.page.reload()
    assert.equal(await heading(phone.page), 'Sign in')
    assert.deepEqual(complaints, [])
  })

  test('R-25 after a sign-out nothing of the person is left in the browser, and the next sign-in works', async (t) => {
    const site = await aPerson(t)
    const { page } = await site.person({ script: true })
    await page.goto('/login')
    await signIn(page, email, { remember: true })
    await page.evaluate(`localStorage.setItem('draft', 'of Uma')`)
    await page.evaluate(`sessionStorage.setItem('draft', 'of Uma')`)
    await page.evaluate(`document.cookie = 'plain=of-Uma; Path=/'`)
    await page.evaluate(`caches.open('pages').then((cache) => cache.put('/x', new Response('of Uma')))`)
    assert.equal((await page.context().cookies()).length, 4)
    await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
    assert.equal(await page.getByRole('status').innerText(), endSentences.user_logout)
    assert.deepEqual(await page.context().cookies(), [])
    assert.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0)
    assert.deepEqual(await page.evaluate('caches.keys()'), [])
    await page.goto('/login')
    await signIn(page, email, { remember: true })
    assert.equal(await heading(page), 'Your sessions')
    assert.equal((await page.context().cookies()).length, 3)
  })
})

/** Tells the sign-in that somebody was signed in here; it opens nothing, and stays as it is. */
const device = '__Secure-known-device'

async function cookiesOf(context: BrowserContext): Promise<ReadonlyMap<string, string>> {
  return new Map((await context.cookies()).map(({ name, value }) => [name, value]))
}

async function heading(page: Page): Promise<string> {
  return page.getByRole('heading', { level: 1 }).innerText()
}
