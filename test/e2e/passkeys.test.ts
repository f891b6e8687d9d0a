import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, before, describe, test, type TestContext } from 'node:test'
import { stepAt, totpCode } from '../../packages/server/src/factors/totp-code.ts'
import type { Browser, Page } from 'playwright-core'
import { aSite, iphone, signIn } from './a-site.ts'
import { launchChromium, noChromium } from './chromium.ts'

const email = 'uma@example.com'
const name = 'Uma’s key'

describe(
  'passkeys and second steps, in a real browser with a virtual authenticator',
  { skip: noChromium },
  () => {
    let chromium: Browser
    before(async () => {
      chromium = await launchChromium()
    })
    after(() => chromium.close())

    /** Passkeys are bound to the origin of the settings, so that the port is known before. */
    async function aSiteOfItsOwn(t: TestContext) {
      const port = await freePort()
      return aSite(t, chromium, { PORT: String(port), SOJOURN_URL: `http://localhost:${port}` })
    }

    test('a person adds a passkey, signs in with it alone, and uses it beside the password', async (t) => {
      const site = await aSiteOfItsOwn(t)
      const { page, complaints } = await site.signedUp(email, { script: true })
      const authenticator = await plugIn(page)
      await page.goto('/account')
      await page.getByRole('link', { name: 'Your passkeys and second factors' }).click()
      await page.getByLabel('Name of a new passkey').fill(name)
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.waitForSelector('.codes')
      assert.equal(await heading(page), 'Your recovery codes')
      assert.equal(await page.locator('.codes li').count(), 10)
      const recovery = await page.locator('.codes li').first().innerText()
      await page.getByRole('link', { name: 'I have written them down' }).click()
      assert.match(await page.getByRole('main').innerText(), new RegExp(`${name}[\\s\\S]*not used yet`))

      await page.goto('/logout')
      await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
      await page.getByLabel('Keep me signed in on this device').check()
      await page.getByRole('button', { name: 'Use a passkey' }).click()
      await page.waitForURL('**/account/sessions')
      const { sessions } = await json<{
        sessions: readonly { amr: readonly string[]; remembered_until: unknown }[]
      }>(page, '/api/v1/sessions')
      assert.deepEqual(sessions[0]?.amr, ['hwk', 'user', 'mfa'])
      assert.equal(typeof sessions[0]?.remembered_until, 'number')

      await page.goto('/logout')
      await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
      await signIn(page, email)
      assert.equal(await heading(page), 'Show that it is you')
      await page.goto('/account')
      assert.equal(await heading(page), 'Show that it is you', 'nothing else is open')
      await page.getByRole('button', { name: 'Use a passkey' }).click()
      await page.waitForURL((url) => url.pathname === '/account')
      await page.goto('/account/security')
      assert.match(await page.getByRole('main').innerText(), /last used just now/)

      await authenticator.forget()
      await page.goto('/logout')
      await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
      await signIn(page, email)
      await page.getByRole('button', { name: 'Use a passkey' }).click()
      await page.locator('[data-passkey-trouble]:not([hidden])').waitFor()
      assert.match(await page.getByRole('alert').innerText(), /given up|no passkey/)
      await page.getByText('Use a recovery code…').click()
      await page.getByLabel('Recovery code').fill(recovery.toUpperCase())
      await page.getByRole('button', { name: 'Sign in with the recovery code' }).click()
      await page.waitForURL('**/account/sessions')
      await page.goto('/account/security')
      assert.match(await page.getByRole('main').innerText(), /9 codes are left/)
      await page.getByText('Remove', { exact: false }).first().click()
      await page.getByRole('button', { name: 'Remove the passkey' }).click()
      assert.equal(await page.getByRole('status').first().innerText(), 'The passkey was removed.')
      assert.deepEqual(
        complaints.filter((text) => !text.startsWith('Clear-Site-Data')),
        [],
      )
    })

    test('without script an app is set up and used, on a narrow screen, and pages say what passkeys need', async (t) => {
      const site = await aSiteOfItsOwn(t)
      const { page, complaints } = await site.signedUp(email, { userAgent: iphone, width: 320 })
      await page.goto('/account/security')
      assert.match(await page.getByRole('main').innerText(), /Passkeys need the script of this page/)
      assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).count(), 0)
      await page.getByRole('link', { name: 'Set one up' }).click()
      assert.ok(await page.getByRole('img', { name: 'QR code for your authenticator app' }).isVisible())
      assert.equal(await isTooWide(page), false)
      const key = (await page.locator('code').first().innerText()).replaceAll(' ', '')
      const code = () => totpCode(unbase32(key), stepAt(site.clock.now()))
      await page.getByLabel('Code', { exact: true }).fill(code())
      await page.keyboard.press('Enter')
      await page.waitForSelector('.codes')
      assert.equal(await heading(page), 'Your recovery codes')
      assert.equal(await isTooWide(page), false)
      site.clock.advance(60_000)
      const phone = await site.person({ userAgent: iphone })
      await phone.page.goto('/account/phone')
      await signIn(phone.page, email)
      assert.equal(await heading(phone.page), 'Show that it is you')
      await phone.page.getByLabel('Code', { exact: true }).fill(code())
      await phone.page.keyboard.press('Enter')
      await phone.page.waitForURL((url) => url.pathname === '/account/phone')
      assert.equal(await heading(phone.page), 'Change your phone number')
      assert.deepEqual([...complaints, ...phone.complaints], [])
    })
  },
)

/** An authenticator of the device, which knows its person. */
async function plugIn(page: Page): Promise<{ forget(): Promise<void> }> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async forget() {
      await devtools.send('WebAuthn.clearCredentials', { authenticatorId })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')
}

async function json<T>(page: Page, path: string): Promise<T> {
  return (await page.request.get(path, { headers: { accept: 'application/json' } })).json() as Promise<T>
}

async function heading(page: Page): Promise<string> {
  return page.getByRole('heading', { level: 1 }).innerText()
}

function unbase32(text: string): Uint8Array {
  const bits = Array.from(text, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}
