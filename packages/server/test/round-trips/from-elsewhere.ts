import type { RunningTest } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'

/** The origin of the site by its settings, which other sites know it by. */
export const site = 'http://localhost:4321'

/** A path of the site, of a whole address. */
export function pathIn(address: string | undefined): string {
  return (address ?? '').replace(site, '')
}

/** Posts a form of another site, as a browser does: of its cookies only those go along that are for that. */
export function postFromElsewhere(
  browser: Browser,
  path: string,
  fields: { readonly [field: string]: string },
  more: { readonly [header: string]: string } = {},
): Promise<Answer> {
  const cookie = browser.jar.getCookieStringSync(browser.origin + path, { sameSiteContext: 'none' })
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example', cookie, ...more }
  return browser.submit(path, fields, headers)
}

/** Why the last sign-in that failed did, by the log. */
export function whyFailed({ lines }: Pick<RunningTest, 'lines'>): string | undefined {
  const failed = lines
    .map((line) => JSON.parse(line) as { readonly event?: string; readonly why?: string })
    .filter(({ event }) => event === 'login.failed')
  return failed.at(-1)?.why
}
