import type { TestContext } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { aSite, password, signIn, type Site } from './a-site.ts'

const hour = 60 * 60_000

/** One browser with its tabs, whose clock the test moves. It is three hours ahead of the server's, as clocks are. */
export interface Desk {
  readonly site: Site
  readonly context: BrowserContext
  readonly page: Page
  readonly complaints: readonly string[]
  /** What its pages asked of the server since the list was taken. */
  readonly asked: string[]
  /** A further tab of the same browser. */
  tab(path?: string): Promise<Page>
  /** Time passes on both sides; whatever timer is due runs once, as after a sleep. */
  pass(millis: number): Promise<void>
}

export async function aDesk(t: TestContext, chromium: Browser, env: NodeJS.Dict<string> = {}): Promise<Desk> {
  const site = await aSite(t, chromium, { SOJOURN_POLICY: 'aurora', ...env })
  const { page, complaints } = await site.person({ script: true })
  const context = page.context()
  await context.clock.install({ time: site.clock.now() + 3 * hour })
  await site.accounts.create({ name: 'Uma', email: 'uma@example.com', password, roles: ['super-admin'] })
  await page.goto('/login')
  await signIn(page, 'uma@example.com')
  await page.getByRole('heading', { name: 'Your sessions' }).waitFor()
  const asked: string[] = []
  context.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (!pathname.startsWith('/assets/')) asked.push(`${request.method()} ${pathname}`)
  })
  return {
    site,
    context,
    page,
    complaints,
    asked,
    async tab(path = '/account/sessions') {
      const other = await context.newPage()
      other.setDefaultTimeout(10_000)
      await other.goto(path)
      return other
    },
    async pass(millis) {
      site.clock.advance(millis)
      await context.clock.fastForward(millis)
    },
  }
}

/** The time that the server gives the session, by its own account. Asking extends nothing. */
export async function trueLeft({ context, site }: Desk): Promise<number> {
  const answer = await context.request.get(`${site.origin}/api/v1/session`)
  const { idle_expires_at: end, now } = (await answer.json()) as { idle_expires_at: number; now: number }
  return end - now
}
