import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { totpCode, stepAt } from '../../src/factors/totp-code.ts'
import type { Given } from '../a-server.ts'
import { password } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'
import { aMailingServer, type MailingTest } from '../mail-server.ts'
import { type Lies, type Options, SoftAuthenticator } from './soft-authenticator.ts'

export const email = 'uma@example.com'
/** The origin of the site by its settings, which passkeys are bound to. */
export const site = 'http://localhost:4321'
export const security = '/account/security'

/** Somebody's authenticator app. */
export interface App {
  /** The code of the present step, or of one beside it. */
  code(step?: number): string
}

export interface FactorTest extends MailingTest {
  /** Sets up an app in a browser that is signed in; the recovery codes that its person is shown. */
  setUpApp(browser: Browser): Promise<{ readonly app: App; readonly codes: readonly string[] }>
  /** Registers a passkey there. */
  addPasskey(browser: Browser, name?: string): Promise<SoftAuthenticator>
  /** A browser whose sign-in waits for its second step. */
  firstStep(more?: { readonly [field: string]: string }, browser?: Browser): Promise<Browser>
}

/** A server that sends mail, with the account `email`. */
export async function aFactorServer(t: TestContext, given: Given = {}): Promise<FactorTest> {
  const server = await aMailingServer(t, given)
  return {
    ...server,
    async setUpApp(browser) {
      const { text } = await browser.go(`${security}/authenticator`)
      const app = appOf(server, text)
      const answer = await browser.submit(`${security}/authenticator`, {
        sealed: sealedIn(text),
        code: app.code(),
      })
      assert.equal(answer.status, answer.location === undefined ? 200 : 303, answer.text)
      return { app, codes: codesIn(answer) }
    },
    async addPasskey(browser, name = 'Key') {
      const authenticator = new SoftAuthenticator(site)
      const options = await optionsAt(browser, `${security}/passkeys/options`)
      const answer = await browser.submit(`${security}/passkeys`, {
        name,
        response: authenticator.create(options),
      })
      assert.ok(answer.status === 303 || answer.status === 200, answer.text)
      return authenticator
    },
    async firstStep(more = {}, browser = server.browser()) {
      const answer = await browser.submit('/login', { email, password, ...more })
      assert.equal(answer.status, 303, answer.text)
      assert.match(answer.location ?? '', /^\/login\/second/)
      return browser
    },
  }
}

export async function optionsAt(browser: Browser, path: string): Promise<Options> {
  const answer = await browser.call('POST', path, {})
  assert.equal(answer.status, 200, answer.text)
  return answer.json() as Options
}

/** Signs in by a passkey alone, with what it lies about. */
export async function byPasskey(browser: Browser, authenticator: SoftAuthenticator, lies: Lies = {}) {
  const options = await optionsAt(browser, '/login/passkey/options')
  return browser.submit('/login/passkey', { response: authenticator.get(options, lies) })
}

export function codesIn({ text }: Answer): readonly string[] {
  return [...text.matchAll(/<code>([a-z2-7-]{19})<\/code>/g)].map(([, code = '']) => code)
}

export function sealedIn(text: string): string {
  return /name="sealed" value="([^"]*)"/.exec(text)?.[1] ?? ''
}

/** The app that somebody sets up by the key on the page. */
export function appOf({ clock }: Pick<MailingTest, 'clock'>, text: string): App {
  const key = /Key: <code>([A-Z2-7 ]+)<\/code>/.exec(text)?.[1]?.replaceAll(' ', '') ?? ''
  const secret = unbase32(key)
  assert.equal(secret.length, 20)
  return { code: (step = 0) => totpCode(secret, stepAt(clock.now()) + step) }
}

function unbase32(text: string): Uint8Array {
  const bits = Array.from(text, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}
