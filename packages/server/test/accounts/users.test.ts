import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, password, type RunningTest } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'

const path = '/nova/resources/users'
const api = '/api/v1/admin/users'
const minute = 60_000

interface Users {
  readonly users: readonly { readonly id: string; readonly email: string }[]
  readonly cursor: string | null
}

/** A server with a Super Admin, somebody else, and a browser of theirs. */
async function twoPeople(t: Parameters<typeof aServer>[0]) {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const account = await server.person('uma@example.com')
  const uma = await server.signedIn('uma@example.com')
  return { server, ada, account, uma, at: `${path}/${account.id}` }
}

async function emails(browser: Browser, query: string): Promise<readonly string[]> {
  const answer = await browser.call('GET', `${api}?${query}`)
  assert.equal(answer.status, 200, answer.text)
  return (answer.json() as Users).users.map(({ email }) => email)
}

test('the users are listed newest first, page by page, and found by name, address, role and state', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  for (let i = 0; i < 7; i++) {
    server.clock.advance(1)
    await server.person(`person-${i}@example.com`)
  }
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const answer = await ada.call('GET', `${api}?limit=3&cursor=${cursor}`)
    const page = answer.json() as Users
    assert.ok(page.users.length <= 3)
    seen.push(...page.users.map(({ email }) => email))
    cursor = page.cursor
  }
  assert.deepEqual(seen, [...[6, 5, 4, 3, 2, 1, 0].map((i) => `person-${i}@example.com`), 'ada@example.com'])
  assert.deepEqual(await emails(ada, 'search=PERSON-3'), ['person-3@example.com'])
  assert.deepEqual(await emails(ada, 'search=%25'), [], 'a wildcard is a character like any other')
  assert.deepEqual(await emails(ada, 'search=person_3'), [])
  assert.deepEqual(await emails(ada, 'role=super-admin'), ['ada@example.com'])
  const one = await server.accounts.findByEmail('person-5@example.com')
  await server.accounts.disable(one?.id ?? '')
  assert.deepEqual(await emails(ada, 'state=disabled'), ['person-5@example.com'])
  assert.equal((await emails(ada, 'state=enabled')).length, 7)
  for (const query of ['role=emperor', 'state=asleep', 'cursor=x', 'limit=0', 'limit=1001'])
    assert.equal((await ada.call('GET', `${api}?${query}`)).status, 400, query)
  assert.equal((await ada.go(`${path}?cursor=x`)).status, 400)
  const page = await ada.go(`${path}?search=person&role=&state=`)
  assert.match(page.text, /person-6@example\.com/)
  assert.doesNotMatch(page.text, /ada@example\.com<\/a>/)
  assert.match((await ada.go(`${path}?search=nobody`)).text, /No users match this filter/)
})

test('R-20 R-25 an administrator disables an account: its sessions end, and it opens nothing until it is enabled', async (t) => {
  const { server, ada, account, uma, at } = await twoPeople(t)
  assert.match((await ada.go(`${at}/access`)).text, /One session of theirs ends\./)
  assert.equal((await ada.submit(`${at}/disable`, { note: 'left the company' })).location, at)
  assert.match((await uma.go('/account')).location ?? '', /reason=account_disabled/)
  const sign = () => server.browser().submit('/login', { email: 'uma@example.com', password })
  assert.equal((await sign()).status, 401)
  const line = server.lines.find((one) => one.includes('account.disabled'))
  assert.partialDeepStrictEqual(JSON.parse(line ?? '{}'), { account: account.id, note: 'left the company' })
  assert.match((await ada.go(at)).text, /Disabled since/)
  assert.equal((await ada.submit(`${at}/enable`)).location, at)
  assert.equal((await uma.go('/account')).status, 303, 'what ended does not come back')
  assert.equal((await sign()).status, 303)
})

test('R-04 other roles end the sessions that began under the former ones', async (t) => {
  const { server, ada, account, uma, at } = await twoPeople(t)
  assert.equal((await ada.submit(`${at}/roles`, { user: 't', 'store-admin': 't' })).location, at)
  assert.match((await uma.go('/account')).location ?? '', /reason=policy_changed/)
  assert.deepEqual((await server.accounts.find(account.id))?.roles, ['user', 'store-admin'])
  assert.equal((await (await server.signedIn('uma@example.com')).go('/nova/settings/users')).status, 200)
  const none = await ada.submit(`${at}/roles`, { note: 'x' })
  assert.equal(none.status, 400)
  assert.match(none.text, /Expected at least one role/)
})

test('R-20 an administrator deletes an account: its sessions end, and nothing of it opens anything', async (t) => {
  const { server, ada, account, uma, at } = await twoPeople(t)
  assert.equal((await ada.submit(`${at}/delete`)).location, path)
  assert.match((await uma.go('/account')).location ?? '', /^\/login/)
  assert.equal(await server.accounts.find(account.id), undefined)
  assert.equal((await ada.go(at)).status, 404)
  for (const what of ['disable', 'enable', 'delete', 'roles'])
    assert.equal((await ada.submit(`${at}/${what}`, { user: 't' })).status, 404, what)
})

test('the last Super Admin is neither disabled nor deleted nor demoted, on the page and by the API', async (t) => {
  const { server, ada } = await twoPeople(t)
  const own = await server.accounts.findByEmail('ada@example.com')
  const at = `${path}/${own?.id}`
  const answers: Answer[] = [
    await ada.submit(`${at}/disable`),
    await ada.submit(`${at}/delete`),
    await ada.submit(`${at}/roles`, { user: 't' }),
    await ada.call('POST', `${api}/${own?.id}/disable`, {}),
    await ada.call('POST', `${api}/${own?.id}/roles`, { roles: ['user'] }),
    await ada.call('DELETE', `${api}/${own?.id}`),
  ]
  for (const { status, text } of answers) {
    assert.equal(status, 409)
    assert.match(text, /last Super Admin/)
  }
  assert.equal((await ada.go(path)).status, 200, 'nothing has changed')
})

test('the API does the same, and says what it expects', async (t) => {
  const { server, ada, account, uma } = await twoPeople(t)
  const change = (what: string, body: object) => ada.call('POST', `${api}/${account.id}/${what}`, body)
  assert.partialDeepStrictEqual((await change('disable', {})).json(), { disabled_at: server.clock.now() })
  assert.equal((await uma.call('GET', '/api/v1/sessions')).status, 401)
  assert.partialDeepStrictEqual((await change('enable', { note: 'back' })).json(), { disabled_at: null })
  const roles = await change('roles', { roles: ['user', 'store-admin'] })
  assert.partialDeepStrictEqual(roles.json(), { roles: ['user', 'store-admin'] })
  for (const body of [
    {},
    { roles: [] },
    { roles: ['emperor'] },
    { roles: 'user' },
    { roles: ['user'], x: 1 },
  ])
    assert.equal((await change('roles', body)).status, 400, JSON.stringify(body))
  assert.equal((await change('disable', { note: 'two\nlines' })).status, 400)
  assert.equal((await ada.call('DELETE', `${api}/${account.id}`)).status, 204)
  for (const answer of [
    await ada.call('GET', `${api}/${account.id}`),
    await change('enable', {}),
    await ada.call('DELETE', `${api}/${account.id}`),
  ])
    assert.equal(answer.status, 404)
})

test('R-29 what changes somebody’s access is for an administrator who has just signed in', async (t) => {
  const { server, ada, account, at } = await twoPeople(t)
  server.clock.advance(10 * minute)
  assert.equal((await ada.go(`${at}/access`)).status, 200)
  server.clock.advance(1)
  for (const answer of [
    await ada.go(`${at}/access`),
    await ada.submit(`${at}/disable`),
    await ada.submit(`${at}/roles`, { 'super-admin': 't' }),
    await ada.submit(`${at}/delete`),
  ])
    assert.match(answer.location ?? '', /^\/login\?reason=reauth_required/)
  assert.equal((await ada.call('DELETE', `${api}/${account.id}`)).status, 401)
  assert.deepEqual(await server.accounts.find(account.id), account)
})

test('a store administrator finds a person by their whole address, and lists nobody', async (t) => {
  const { server, at } = await twoPeople(t)
  await server.person('sue@example.com', { roles: ['store-admin'] })
  const sue = await server.signedIn('sue@example.com')
  assert.equal((await sue.go(`${path}?email=UMA@example.com`)).location, at)
  assert.equal((await sue.go(path)).status, 404)
  assert.equal((await sue.go(`${path}?search=uma`)).status, 404)
  assert.doesNotMatch((await sue.go(at)).text, /Roles and access/)
})

test('the list shows what people are called as text', async (t) => {
  const server: RunningTest = await aServer(t)
  const ada = await aSuperAdmin(server)
  await server.accounts.create({ email: 'eve@example.com', name: '<img src=x onerror=alert(1)>', password })
  assert.doesNotMatch((await ada.go(path)).text, /<img/)
  assert.match((await ada.go(`${path}?search=%3Cimg`)).text, /&lt;img src=x/)
})
