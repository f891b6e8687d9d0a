import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createServer, jsonLines, type Mode, readConfig, type Server } from '@sojourn/server'
import type { Browser, Page } from 'playwright-core'
import { FakeClock } from 'sojourn/testing/clock'

export const password = 'correct horse battery'

export const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'
export const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1'

export interface Person {
  readonly page: Page
  /** What the browser complained about: refused content, failed scripts. */
  readonly complaints: readonly string[]
}

export interface Site extends Server {
  readonly origin: string
  readonly clock: FakeClock
  /** A browser of its own, with its own cookies. Pages are used without script unless it is asked for. */
  person(how?: {
    readonly userAgent?: string
    readonly script?: boolean
    readonly width?: number
  }): Promise<Person>
  /** The same, signed in to a new account. */
  signedUp(email: string, how?: Parameters<Site['person']>[0]): Promise<Person>
}

/** The server on embedded stores, for production, with a clock that the test moves; it closes with the test. */
export function aSite(t: TestContext, browser: Browser, env: NodeJS.Dict<string> = {}): Promise<Site> {
  return open(t, browser, env, 'serve')
}

/** The same as a demo, which keeps its letters. */
export function aDemo(t: TestContext, browser: Browser): Promise<Site> {
  return open(t, browser, {}, 'demo')
}

async function open(t: TestContext, browser: Browser, env: NodeJS.Dict<string>, mode: Mode): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const settings = { PORT: '0', SOJOURN_SECRET: 'a-secret-of-tests-that-is-long-enough', ...env }
  const config = await readConfig(settings, folder, mode)
  const clock = new FakeClock()
  const log = jsonLines({ write: () => {}, level: 'error', now: () => clock.now() })
  const server = await createServer(config, { log, clock })
  t.after(() => server.close(0))
  const { port } = await server.listen()
  const origin = `http://localhost:${port}`

  const person: Site['person'] = async ({ userAgent = firefox, script = false, width = 1_000 } = {}) => {
    const context = await browser.newContext({
      baseURL: origin,
      userAgent,
      javaScriptEnabled: script,
      viewport: { width, height: 700 },
    })
    t.after(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const complaints: string[] = []
    page.on('console', (message) => void complaints.push(message.text()))
    page.on('pageerror', (error) => void complaints.push(error.message))
    return { page, complaints }
  }
  return {
    ...server,
    origin,
    clock,
    person,
    async signedUp(email, how) {
      const one = await person(how)
      await signUp(one.page, email)
      return one
    },
  }
}

export async function signUp(page: Page, email: string): Promise<void> {
  await page.goto('/signup')
  await page.getByLabel('Name').fill('Uma')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign up' }).click()
}

/** From wherever the sign-in page is shown. */
export async function signIn(
  page: Page,
  email: string,
  { remember = false }: { readonly remember?: boolean } = {},
): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  if (remember) await page.getByLabel('Keep me signed in on this device').check()
  await page.getByRole('button', { name: 'Sign in' }).click()
}
