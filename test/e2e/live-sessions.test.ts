import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { aSite, password, signIn } from './a-site.ts'
import { launchChromium, noChromium } from './chromium.ts'

describe('the list of sessions in a browser', { skip: noChromium }, () => {
  let chromium: Browser | undefined
  before(async () => {
    chromium = await launchChromium()
  })
  after(() => chromium?.close())

  test('says which session has ended and that others have begun, as it happens', async (t) => {
    assert.ok(chromium)
    const site = await aSite(t, chromium)
    await site.accounts.create({ name: 'Root', email: 'root@example.com', password, roles: ['super-admin'] })
    const uma = await site.accounts.create({
      name: 'Uma',
      email: 'uma@example.com',
      password,
      roles: ['user'],
    })
    const first = await site.sessions.start({ subject: uma?.id ?? '', method: 'password', request })
    const { page, complaints } = await site.person({ script: true })
    await page.goto('/login')
    await signIn(page, 'root@example.com')
    await page.goto('/nova/resources/auth-sessions')
    const row = page.locator(`tr[data-session="${first.session.id}"]`)
    assert.match(await row.innerText(), /Live/)
    while (site.live.open === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await site.sessions.end({ id: first.session.id }, 'admin_revoked')
    await row.getByText('admin_revoked').waitFor()
    assert.match(await row.innerText(), /Ended/)
    await site.sessions.start({ subject: uma?.id ?? '', method: 'password', request })
    await page.getByText('One session has begun.').waitFor()
    await page.getByRole('link', { name: 'Load the page again' }).click()
    await page.getByText('One session has begun.').waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
  })
})

const request = { ip: '192.0.2.1', userAgent: null, passive: false }
