import { totpCode } from '../../src/factors/totp-code.ts'
import { idOf } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { byPasskey, codesIn, optionsAt, security } from '../factors/factor-server.ts'
import { iphone } from '../browser.ts'
import type { Crawl } from './crawl.ts'

const minute = 60_000

/** Makes an account as people do: by the form, and by the letter that it brings. */
export async function signUp(crawl: Crawl, email: string): Promise<{ browser: Browser; password: string }> {
  const { server, letter, openLink } = crawl
  const password = crawl.password()
  const browser = server.browser()
  await browser.go('/signup')
  await browser.submit('/signup', { name: 'Uma', email, password })
  const { path, token } = await letter(email)
  await openLink(browser, path)
  await browser.submit('/signup/confirm', { token, password })
  return { browser, password }
}

/** What a person does with their account, from its beginning to its end. */
export async function livesOfPeople(crawl: Crawl): Promise<void> {
  await signingIn(crawl)
  await changingCredentials(crawl)
  await secondFactors(crawl)
  await choosing(crawl)
  await closing(crawl)
}

async function signingIn(crawl: Crawl): Promise<void> {
  const { server, letter, openLink, book } = crawl
  const email = 'uma@example.com'
  const { browser, password } = await signUp(crawl, email)
  for (const path of [
    '/',
    '/account',
    '/account/sessions',
    '/continue?to=https://shop.example.com/cart',
    '/logout',
  ])
    await browser.go(path)
  await browser.call('GET', '/api/v1/session')
  await browser.call('POST', '/api/v1/session/keep-alive', {})
  const phone = server.browser(iphone)
  await phone.submit('/login', { email, password, remember: 't' })
  await phone.call('GET', '/api/v1/sessions')
  // Its session times out, and the device opens another: a refresh token is spent.
  server.clock.advance(3 * 60 * minute)
  await phone.go('/account')
  await phone.go('/account/sessions')
  await browser.submit('/login', { email, password: crawl.password() })
  await browser.submit('/login', { email, password })
  const [another, third] = [server.browser(), server.browser()]
  await another.submit('/login', { email, password })
  await third.submit('/login', { email, password })
  await browser.submit(`/account/sessions/${await idOf(another)}/end`)
  await browser.call('DELETE', `/api/v1/sessions/${await idOf(third)}`)
  await browser.submit('/account/sessions/end-others')
  await browser.call('DELETE', '/api/v1/sessions?except=current')
  // Cookies, keys and passwords in places where they do not belong.
  const stolen = browser.cookie.split('=')[1] ?? ''
  const { answers } = server
  const echoed = answers.length
  await browser.go(`/login?reason=${stolen}&token=${stolen}&return_to=/account`)
  await server.browser().go(`/nowhere/${stolen}?sid=${stolen}`)
  await server.browser().submit('/login', { email: stolen, password: stolen })
  await server
    .browser()
    .call('POST', '/api/v1/introspect', { token: stolen }, { authorization: `Bearer ${stolen}` })
  // Who typed it is shown what they typed.
  for (const answer of answers.slice(echoed)) book.note('a cookie', stolen.split('.')[1] ?? '', answer)
  await browser.submit('/logout', { global_logout: 't' })

  await browser.go('/login/link')
  await browser.submit('/login/link', { email })
  const link = await letter(email)
  await openLink(browser, link.path)
  await browser.submit('/login/link/enter', { token: link.token })
  await browser.submit('/logout')
  await browser.go('/login/reset')
  await browser.submit('/login/reset', { email })
  const reset = await letter(email)
  await openLink(browser, reset.path)
  await browser.submit('/login/reset/password', { token: reset.token, password: crawl.password() })
}

async function changingCredentials(crawl: Crawl): Promise<void> {
  const { server, letter, openLink } = crawl
  const { browser, password } = await signUp(crawl, 'cleo@example.com')
  const next = crawl.password()
  await browser.go('/account/password')
  await browser.submit('/account/password', { current: password, password: 'short' })
  await browser.submit('/account/password', { current: password, password: next })
  await browser.submit('/login', { email: 'cleo@example.com', password: next })
  await browser.go('/account/phone')
  await browser.submit('/account/phone', { phone: '+49 30 901820' })
  await browser.submit('/login', { email: 'cleo@example.com', password: next })
  await browser.go('/account/email')
  await browser.submit('/account/email', { email: 'cleopatra@example.com' })
  const { path, token } = await letter('cleopatra@example.com')
  await openLink(browser, path)
  await browser.submit('/account/email/confirm', { token })
  await server.mailer?.idle()
}

async function secondFactors(crawl: Crawl): Promise<void> {
  const { server, book } = crawl
  const email = 'fay@example.com'
  const { browser, password } = await signUp(crawl, email)
  await browser.go(security)
  const setUp = await browser.go(`${security}/authenticator`)
  const shown = /Key: <code>([A-Z2-7 ]+)<\/code>/.exec(setUp.text)?.[1] ?? ''
  for (const spelling of [shown, shown.replaceAll(' ', '')]) book.note('a TOTP secret', spelling, setUp)
  const { app, codes } = await server.setUpApp(browser)
  const last = server.answers.filter(({ text }) => text.includes('Key: <code>'))
  for (const page of last) {
    const key = /Key: <code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1] ?? ''
    for (const spelling of [key, key.replaceAll(' ', '')]) book.note('a TOTP secret', spelling, page)
  }
  noteCodes(crawl, codes)
  const passkey = await server.addPasskey(browser, 'Key')
  noteCodes(crawl, codesIn(await browser.submit(`${security}/recovery-codes`)))
  const fresh = server.answers.at(-1)
  const recovery = codesIn(fresh ?? setUp)[0] ?? ''
  const steps: readonly (() => Promise<{ readonly [field: string]: string }>)[] = [
    () => Promise.resolve({ code: app.code(1) }),
    () => Promise.resolve({ recovery }),
    async () => ({ response: passkey.get(await optionsAt(browser, '/login/second/options')) }),
  ]
  for (const step of steps) {
    await browser.submit('/logout')
    await browser.submit('/login', { email, password })
    await browser.go('/login/second')
    await browser.submit('/login/second', { code: totpCode(Buffer.alloc(20), 1) })
    await browser.submit('/login/second', await step())
  }
  await browser.submit('/logout')
  await browser.go('/login/passkey')
  await byPasskey(browser, passkey)
  const remove = /action="(\/account\/security\/passkeys\/[^"]+\/remove)"/.exec(
    (await browser.go(security)).text,
  )
  await browser.submit(remove?.[1] ?? '')
  await browser.submit(`${security}/authenticator/remove`)
}

/** Recovery codes may stand on the page that gives them. */
function noteCodes({ server, book }: Crawl, codes: readonly string[]): void {
  for (const code of codes)
    book.note(
      'a recovery code',
      code,
      server.answers.find(({ text }) => text.includes(code)),
    )
}

/** One session too many: the person says which of theirs goes. */
async function choosing(crawl: Crawl): Promise<void> {
  const { server } = crawl
  const email = 'cho@example.com'
  const { password } = await signUp(crawl, email)
  const account = await server.accounts.findByEmail(email)
  await server.accounts.setSessionLimit(account?.id ?? '', 1)
  for (const byProgram of [false, true]) {
    const browser = server.browser()
    await browser.submit('/login', { email, password })
    await browser.go('/login/choose')
    const choice = (await browser.call('GET', '/api/v1/session/choice')).json() as {
      readonly sessions: readonly { readonly id: string }[]
    }
    const end = choice.sessions[0]?.id ?? ''
    if (byProgram) await browser.call('POST', '/api/v1/session/choice', { end })
    else await browser.submit('/login/choose', { end })
    await browser.go('/account')
  }
}

async function closing(crawl: Crawl): Promise<void> {
  for (const what of ['disable', 'delete']) {
    const { browser, password } = await signUp(crawl, `${what}@example.com`)
    await browser.go(`/account/${what}`)
    await browser.submit(`/account/${what}`, { password, current: password, confirmed: 't' })
  }
}
