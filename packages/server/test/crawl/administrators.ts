import { idOf } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'
import { openStream } from '../live/an-event-stream.ts'
import { samlSettings } from '../saml/fake-identity-provider.ts'
import { aSuperAdmin, fieldsOf, save } from '../settings/a-settings-page.ts'
import { until } from '../until.ts'
import type { Crawl } from './crawl.ts'

const api = '/api/v1/admin'

export interface Administration {
  readonly ada: Browser
  /** A person whom the pages are about, and a session of theirs. */
  readonly person: string
  readonly session: string
  readonly integration: string
  readonly webhook: string
}

/** What an answer of the API has of a name. */
function of(answer: Answer, ...names: readonly string[]): string {
  let found: unknown = answer.json()
  for (const name of names) found = (found as { readonly [name: string]: unknown } | undefined)?.[name]
  if (typeof found !== 'string') throw new Error(`${names.join('.')} is not in ${answer.text}`)
  return found
}

/** What Super Admins do, by pages and by the API. */
export async function livesOfAdministrators(crawl: Crawl): Promise<Administration> {
  const { server } = crawl
  const ada = await aSuperAdmin(server)
  const { id: person } = await server.person('zoe@example.com')
  const watcher = await server.signedIn('ada@example.com')
  const stream = await openStream(watcher)
  await keys(crawl, ada)
  const integration = await integrations(crawl, ada)
  const webhook = await webhooks(crawl, ada)
  await settings(ada, person)
  await people(crawl, ada)
  await sessions(crawl, ada)
  await jobs(ada)
  const session = await idOf(await server.signedIn('zoe@example.com'))
  await until(() => stream.events.length > 3)
  await watcher.submit('/logout')
  await until(() => stream.isClosed())
  crawl.heard.push({ where: 'stream', text: JSON.stringify(stream.events) })
  return { ada, person, session, integration, webhook }
}

async function keys({ book, server }: Crawl, ada: Browser): Promise<void> {
  const path = `${api}/api-keys`
  const note = (answer: Answer): Answer => {
    const secret = /sjk_[0-9a-f]{16}_([0-9a-f]{64})/.exec(answer.text)?.[1] ?? ''
    book.note('an API key', secret, answer)
    return answer
  }
  const body = { name: 'Shop', scopes: ['introspect', 'introspect:reason', 'metrics'] }
  const made = note(await ada.call('POST', path, body))
  const id = of(made, 'key', 'id')
  const rotated = note(await ada.call('POST', `${path}/${id}/rotate`, {}))
  await asPrograms(server.browser(), of(rotated, 'secret'), ada)
  await ada.call('DELETE', `${path}/${id}`)
  note(await ada.submit('/nova/api-keys', { name: 'Bot', 'scope-introspect': 't', scope_introspect: 't' }))
  const [, other = ''] = /sjk_([0-9a-f]{16})_/.exec(server.answers.at(-1)?.text ?? '') ?? []
  note(await ada.submit(`/nova/api-keys/${other}/rotate`))
  await ada.submit(`/nova/api-keys/${other}/revoke`)
}

/** Other back ends, proxies and Prometheus. */
async function asPrograms(program: Browser, key: string, whose: Browser): Promise<void> {
  const authorization = `Bearer ${key}`
  const token = whose.cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1))
  for (const one of [...token, 'x', key])
    await program.call('POST', '/api/v1/introspect', { token: one }, { authorization })
  await program.ask('/metrics', { headers: { authorization } })
  await program.ask('/metrics', { headers: { authorization: `${authorization}0` } })
  await whose.ask('/api/v1/verify')
  await program.go(`/api/v1/verify?redirect=true`, { 'x-forwarded-uri': `/a?token=${token[0]}` })
}

async function integrations({ platform }: Crawl, ada: Browser): Promise<string> {
  const path = `${api}/integrations`
  const kept = await ada.call('POST', path, { kind: 'lti', name: 'Campus', settings: platform.settings() })
  const id = of(kept, 'id')
  await ada.call('POST', `${path}/${id}`, { revision: 1, name: 'The campus' })
  const account = of(await ada.call('GET', '/api/v1/session'), 'subject')
  await ada.call('POST', `${path}/${id}/subjects`, { external_id: 'somebody', account })
  const gone = await ada.call('POST', path, { kind: 'saml', name: 'Uni', settings: samlSettings() })
  await ada.call('DELETE', `${path}/${of(gone, 'id')}`)
  for (const kind of ['ip', 'referer', 'lti', 'saml']) await ada.go(`/nova/integrations/new?kind=${kind}`)
  const made = await ada.submit('/nova/integrations', {
    kind: 'ip',
    name: 'Library',
    enabled: 't',
    ranges: '203.0.113.0/24',
  })
  const [page = ''] = (made.location ?? '').split('?')
  await ada.submit(page, {
    ...fieldsOf(await ada.go(page)),
    ranges: '203.0.113.0/25',
    name: 'Library',
    enabled: 't',
  })
  await ada.submit(`${page}/remove`)
  return id
}

async function webhooks({ book, server, webhooks: kept, receiver }: Crawl, ada: Browser): Promise<string> {
  const path = `${api}/webhooks`
  const note = (answer: Answer): Answer => {
    book.note('a webhook secret', /whsec_([\w+/]{43}=)/.exec(answer.text)?.[1] ?? '', answer)
    return answer
  }
  // Those that arrive: of this machine, without TLS, which administrators could not type in.
  const more = {
    note: '',
    events: ['session.started', 'session.ended', 'token.reused'],
    audience: null,
  } as const
  const standard = { ...more, url: receiver.url, format: 'standard', authorization: null } as const
  const added = await kept.add(standard)
  if (added !== 'too_many') book.note('a webhook secret', added.secret?.slice('whsec_'.length) ?? '')
  const authorization = 'Bearer of-the-receiver-of-security-events'
  await kept.add({ ...more, url: receiver.url, format: 'caep', authorization })
  const typed = { url: 'https://127.0.0.1:9/hook', events: ['session.ended'] }
  const one = of(note(await ada.call('POST', path, typed)), 'webhook', 'id')
  for (const what of ['test', 'rotate', 'disable', 'enable'] as const) {
    const answer = await ada.call('POST', `${path}/${one}/${what}`)
    if (what === 'rotate') note(answer)
  }
  await ada.call('POST', `${path}/${one}/replay`, {})
  await ada.call('DELETE', `${path}/${one}`)
  await ada.call('POST', `${api}/event-keys/rotate`)
  const page = note(
    await ada.submit('/nova/webhooks', { url: typed.url, note: 'by hand', 'session.ended': 't' }),
  )
  const at = /action="(\/nova\/webhooks\/[\w-]+)\/test"/.exec(page.text)?.[1] ?? ''
  for (const what of ['test', 'rotate', 'disable', 'enable', 'replay', 'remove']) {
    const answer = await ada.submit(`${at}/${what}`)
    if (what === 'rotate') note(answer)
  }
  book.note('a receiver’s authorization', authorization)
  await server.signedIn('zoe@example.com')
  return (await kept.list())[0]?.id ?? ''
}

async function settings(ada: Browser, person: string): Promise<void> {
  await save(ada, '/nova/settings/users', { limit: '7' })
  await save(ada, `/nova/resources/users/${person}/limit`, { limit: '5' })
  await ada.go('/nova/policies/layer?kind=role&name=super-admin')
  await save(ada, '/nova/policies/role/super-admin', { idleTimeout: '1h' })
  const last = /\/nova\/settings\/history\/(\d+)\/undo/.exec(
    (await ada.go('/nova/settings/history')).text,
  )?.[1]
  await ada.submit(`/nova/settings/history/${last}/undo`)
  const at = `${api}/settings`
  const revisionOf = async (path: string) =>
    ((await ada.call('GET', path)).json() as { readonly revision: number }).revision
  for (const [path, set] of [
    [`${at}/users`, { limit: 8 }],
    [`${at}/layer?kind=role&name=super-admin`, { idleTimeout: '2h' }],
    [`${api}/users/${person}/limit`, { limit: 6 }],
  ] as const)
    await ada.call('POST', path, { revision: await revisionOf(path), set })
  const history = (await ada.call('GET', `${at}/history`)).json() as {
    readonly revisions: readonly { readonly revision: number }[]
  }
  await ada.call('POST', `${at}/undo`, { revision: history.revisions[0]?.revision })
  const tried = await ada.call('POST', `${api}/policies/dry-run`, {
    kind: 'install',
    set: { idleTimeout: '90m' },
  })
  await ada.call('POST', `${api}/policies/apply`, { plan: of(tried, 'plan') })
  await ada.call('GET', `${api}/policies/effective?user=${person}`)
}

async function people({ server }: Crawl, ada: Browser): Promise<void> {
  const someone = async (email: string) => (await server.person(email)).id
  const [one, other] = [await someone('one@example.com'), await someone('other@example.com')]
  for (const [kind, body] of [
    ['disable', {}],
    ['enable', {}],
    ['roles', { roles: ['user', 'store-admin'] }],
  ] as const)
    await ada.call('POST', `${api}/users/${one}/${kind}`, body)
  await ada.call('DELETE', `${api}/users/${one}/second-factors`)
  await ada.call('DELETE', `${api}/users/${one}`)
  const at = `/nova/resources/users/${other}`
  await ada.submit(`${at}/second-factors/reset`)
  for (const kind of ['disable', 'enable', 'roles', 'delete'])
    await ada.submit(`${at}/${kind}`, { user: 't', 'role-user': 't', role_user: 't', roles: 'user' })
}

async function sessions({ server }: Crawl, ada: Browser): Promise<void> {
  const begun = async () => idOf(await server.signedIn('zoe@example.com'))
  await ada.submit(`/nova/resources/auth-sessions/${await begun()}/end`)
  await ada.call('POST', `${api}/sessions/end`, { id: await begun() })
  await begun()
  const filter = 'user:zoe@example.com'
  await ada.call('POST', `${api}/sessions/preview`, { filter })
  await ada.submit('/nova/resources/auth-sessions/end', { filter })
  await ada.submit('/nova/resources/auth-sessions/end', { filter, most: '100' })
  await ada.go(`/nova/resources/auth-sessions?filter=${encodeURIComponent('state:any')}`)
}

async function jobs(ada: Browser): Promise<void> {
  for (const job of ['sessions', 'delivery', 'intake', 'outbox'])
    await ada.call('POST', `${api}/jobs/${job}/run`)
  await ada.submit('/nova/jobs/sessions/run')
}
