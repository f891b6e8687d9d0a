import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { endSentences } from 'sojourn'
import { aDemo, iphone, password, signIn, signUp } from './a-site.ts'
import { launchChromium, noChromium } from './chromium.ts'

const email = 'uma@example.com'
const fresh = 'a wholly new password'

describe('signing up and choosing a new password by mail, in a real browser', { skip: noChromium }, () => {
  let chromium: Browser
  before(async () => {
    chromium = await launchChromium()
  })
  after(() => chromium.close())

  test('PCA-07 a person signs up, forgets the password, and chooses a new one; the other browser is signed out', async (t) => {
    const site = await aDemo(t, chromium)
    const { page, complaints } = await site.person()
    await signUp(page, email)
    assert.equal(await heading(page), 'Look into your mailbox')
    await followLetter(page, 'Confirm your e-mail address')
    assert.equal(await heading(page), 'Confirm your e-mail address')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Confirm and sign in' }).click()
    assert.equal(await heading(page), 'Your sessions')

    const phone = await site.person({ userAgent: iphone })
    await phone.page.goto('/login')
    await phone.page.getByRole('link', { name: 'Forgot your password?' }).click()
    await phone.page.getByLabel('E-mail').fill(email)
    await phone.page.getByRole('button', { name: 'Send the link' }).click()
    assert.equal(await heading(phone.page), 'Look into your mailbox')
    await followLetter(phone.page, 'Choose a new password')
    await phone.page.getByLabel('New password').fill(fresh)
    await phone.page.getByRole('button', { name: 'Save the password' }).click()
    assert.equal(
      await phone.page.getByRole('status').innerText(),
      'Your new password is saved. Sign in with it.',
    )

    await page.reload()
    assert.equal(await page.getByRole('status').innerText(), endSentences.credential_changed)
    await signIn(page, email)
    assert.match(await page.getByRole('alert').innerText(), /is not right/)
    await page.getByLabel('Password').fill(fresh)
    await page.getByRole('button', { name: 'Sign in' }).click()
    assert.equal(await heading(page), 'Your sessions')
    assert.deepEqual(
      [...complaints, ...phone.complaints].filter((text) => !text.includes('401')),
      [],
    )
  })

  test('R-28 a person signs in by a link, with the keyboard alone, on a narrow screen', async (t) => {
    const site = await aDemo(t, chromium)
    await site.accounts.create({ name: 'Uma', email, password, roles: ['user'] })
    const { page, complaints } = await site.person({ width: 320 })
    await page.goto('/login')
    await page.getByRole('link', { name: 'Sign in by e-mail' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('E-mail').fill(email)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'read its letters here' }).click()
    const [asked, given] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )
    assert.equal(asked, given, 'nothing lies beside the screen')
    await followLetter(page, 'Sign in to')
    assert.match(await page.getByRole('main').innerText(), /uma@example\.com/)
    await page.getByRole('button', { name: 'Sign in' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('/account/sessions')
    assert.equal(await heading(page), 'Your sessions')
    assert.deepEqual(complaints, [])
  })
})

/** Opens the mailbox of the demo, and follows the link in the letter. */
async function followLetter(page: Page, subject: string): Promise<void> {
  await page.goto('/dev/mail')
  const letter = page.getByRole('article').filter({ hasText: subject }).first()
  const link = await letter.getByRole('link').first().getAttribute('href')
  assert.ok(link !== null)
  const { pathname, search } = new URL(link)
  await page.goto(pathname + search)
}

async function heading(page: Page): Promise<string> {
  return page.getByRole('heading', { level: 1 }).innerText()
}
