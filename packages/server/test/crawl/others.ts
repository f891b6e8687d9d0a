import type { Browser } from '../browser.ts'
import { postFromElsewhere } from '../round-trips/from-elsewhere.ts'
import { samlActs, samlSettings } from '../saml/fake-identity-provider.ts'
import { idOf } from '../a-server.ts'
import type { Crawl } from './crawl.ts'

const minute = 60_000

/** People who come in by somebody else's word. */
export async function livesByOthers(crawl: Crawl): Promise<void> {
  const { server, book, integrations, platform } = crawl
  const make = async (kind: 'ip' | 'referer' | 'lti' | 'saml', settings: object): Promise<string> =>
    (await integrations.create({ kind, name: kind, enabled: true, settings: { ...settings } })).id
  const network = await make('ip', { ranges: ['192.0.2.0/24'], sessionLimit: null })
  const inside = { 'x-forwarded-for': '192.0.2.7' }
  const visitor = server.browser()
  await visitor.go('/login', { ...inside, 'sec-fetch-site': 'cross-site' })
  await visitor.go('/login/ip', inside)
  await visitor.submit('/login/ip', { integration: network }, inside)
  const portal = await make('referer', { pages: ['https://portal.example.edu'], sessionLimit: null })
  const referer = 'https://portal.example.edu/start?token=of-the-portal'
  await server.browser().go(`/login/referer/${portal}`, { referer, 'sec-fetch-site': 'cross-site' })

  const lti = await make('lti', platform.settings())
  const learner = server.browser()
  const initiation = platform.initiation()
  await postFromElsewhere(learner, `/login/lti/${lti}/start`, initiation)
  const begun = await learner.go(`/login/lti/${lti}/start?${new URLSearchParams(initiation).toString()}`)
  const { action, fields } = await platform.answer(begun.location)
  book.note('an id_token', fields['id_token']?.split('.')[2] ?? '')
  await postFromElsewhere(learner, action, fields)
  await postFromElsewhere(learner, action, fields)

  const saml = samlActs({ ...server, ...crawl }, await make('saml', samlSettings()))
  const scholar = server.browser()
  await scholar.go(`/login/saml/${saml.id}/metadata`)
  const request = await saml.begin(scholar)
  const response = saml.says(request)
  book.note('a SAML response', response.slice(0, 200))
  await saml.post(scholar, response, request.relayState)
  await saml.post(scholar, response, request.relayState)
  await reusing(crawl)
}

/** A copied token is shown again long after it was replaced: the session ends, and everybody hears of it. */
async function reusing({ server }: Crawl): Promise<void> {
  await server.person('rae@example.com')
  const rae = await server.signedIn('rae@example.com', undefined, { remember: 't' })
  const copy: Browser = server.browser()
  const cookie = rae.cookie
  await idOf(rae)
  for (let i = 0; i < 3; i++) {
    server.clock.advance(3 * 60 * minute)
    await rae.go('/account/sessions')
    await rae.go('/account/sessions')
  }
  await copy.go('/account/sessions', { cookie })
}
