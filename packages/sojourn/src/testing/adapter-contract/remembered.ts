import { hour } from '../../core/duration.ts'
import type { Browser } from './browser.ts'
import type { OpenSite, Site } from './site.ts'

/** How long a session may go unused on these sites. */
export const idle = 2 * hour

/** A browser whose device is remembered. */
export async function remembered(site: Site, query = ''): Promise<Browser> {
  const browser = site.browser()
  await browser.post(`/login?remember=1${query}`)
  return browser
}

/** The refresh token in a browser's jar. */
export function refreshOf(site: Site, browser: Browser): string {
  return browser.jar.get(site.auth.web.rememberCookie) ?? ''
}

/** A site, and a browser in it whose session has timed out and whose device is remembered. */
export async function timedOut(open: OpenSite): Promise<{ site: Site; browser: Browser }> {
  const site = await open()
  const browser = await remembered(site)
  site.clock.advance(idle + 1)
  return { site, browser }
}
