import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, idOf, password } from '../a-server.ts'
import { aSuperAdmin, fieldsOf, fill, save, usersPath } from './a-settings-page.ts'

const minute = 60_000

test('SLI-10 store administrators set how many sessions people have, and nothing else; users reach nothing', async (t) => {
  const server = await aServer(t)
  await server.person('sue@example.com', { roles: ['store-admin'] })
  await server.person('uma@example.com')
  const sue = await server.signedIn('sue@example.com')
  const uma = await server.signedIn('uma@example.com')
  const form = await sue.go(usersPath)
  assert.equal(form.status, 200)
  assert.deepEqual(Object.keys(fieldsOf(form)).toSorted(), ['limit', 'note', 'onExceed', 'revision'])
  // A field that the form does not have is nobody's to send.
  await save(sue, usersPath, { limit: '3', idleTimeout: '5m' })
  const settings = await sue.call('GET', '/api/v1/admin/settings/users')
  assert.deepEqual(
    (settings.json() as { settings: { option: string; value: string | null }[] }).settings.map((one) => [
      one.option,
      one.value,
    ]),
    [
      ['limit', '3'],
      ['onExceed', null],
    ],
  )
  assert.equal(server.sessions.policy.idleTimeout, 120 * minute)
  const refused = await sue.call('POST', '/api/v1/admin/settings/users', {
    revision: 1,
    set: { idleTimeout: '5m' },
  })
  assert.equal(refused.status, 400)
  assert.equal((await uma.go(usersPath)).status, 403)
  assert.equal((await uma.submit(usersPath, { revision: '0', limit: '1', confirmed: 't' })).status, 403)
  assert.equal((await sue.go('/nova/policies')).status, 403)
})

test('SLI-11 the default limit stands at Advanced Settings › Users, and governs the next login', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  await server.person('uma@example.com')
  const form = await ada.go(usersPath)
  assert.match(form.text, /<h1>Advanced Settings › Users<\/h1>/)
  assert.match(form.text, /Now: unlimited, for everybody, in the configuration\./)
  const first = await server.signedIn('uma@example.com')
  await save(ada, usersPath, { limit: '1', note: 'one each' })
  assert.equal((await first.go('/account')).status, 200, 'a limit counts from the next sign-in')
  await server.signedIn('uma@example.com')
  assert.match((await first.go('/account')).location ?? '', /reason=evicted_by_limit/)
  assert.match((await ada.go(usersPath)).text, /Now: 1, for everybody, by revision \d+\./)
})

test('SLI-12 SLI-13 SLI-14 SLI-15 a person’s own limit is empty, 0 or a number, and prevails over the default', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { id: subject } = await server.person('uma@example.com')
  const page = (await ada.go('/nova/resources/users?email=UMA@example.com')).location ?? ''
  const own = `${page}/limit`
  const limit = async () => (await server.sessions.explainLimit({ subject, method: 'password' })).limit
  const live = async () => (await server.sessions.list({ subject })).items.length
  await save(ada, usersPath, { limit: '2' })
  assert.equal(await limit(), 2)
  await save(ada, own, { limit: '5' })
  assert.equal(await limit(), 5)
  for (let i = 0; i < 6; i++) await server.signedIn('uma@example.com')
  assert.equal(await live(), 5)
  assert.match(
    (await ada.go(page)).text,
    /At most 5 sessions, set for this person; this prevails over 2 for everybody/,
  )
  await save(ada, usersPath, { limit: '3' })
  assert.equal(await limit(), 5, 'whatever the default')
  await save(ada, own, { limit: '1' })
  assert.equal(await limit(), 1)
  await save(ada, own, { limit: '' })
  assert.equal(await limit(), 3)
  assert.match((await ada.go(page)).text, /Their own limit: not set/)
  await save(ada, usersPath, { limit: '' })
  assert.equal(await limit(), 'unlimited')
})

test('SLI-16 by 0 a person may not sign in, which is no failed password; an administrator does not shut themselves out', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { id } = await server.person('uma@example.com')
  const uma = await server.signedIn('uma@example.com')
  const own = `/nova/resources/users/${id}/limit`
  const asked = await fill(ada, own, { limit: '0' })
  assert.match(asked.text, /1 session<\/strong> of 1 person/)
  await save(ada, own, { limit: '0', standing: 't' })
  assert.match((await uma.go('/account')).location ?? '', /reason=policy_changed/)
  for (let i = 0; i < 6; i++)
    assert.equal(
      (await server.browser().submit('/login', { email: 'uma@example.com', password })).status,
      403,
    )
  await save(ada, own, { limit: '1' })
  await server.signedIn('uma@example.com')
  const self = await server.accounts.findByEmail('ada@example.com')
  const refused = await fill(ada, `/nova/resources/users/${self?.id}/limit`, { limit: '0' })
  assert.equal(refused.status, 400)
  assert.match(refused.text, /id="limit-error">Expected 1 or more/)
})

test('whoever administers is not shut out by 0 for everybody, unless their role has a limit of its own', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const refused = await fill(ada, usersPath, { limit: '0' })
  assert.equal(refused.status, 400)
  assert.match(refused.text, /id="limit-error">Expected a limit by which administrators may sign in/)
  await save(ada, '/nova/policies/role/administrator', { limit: '2' })
  await save(ada, usersPath, { limit: '0' })
  await server.signedIn('ada@example.com')
  await server.person('uma@example.com')
  assert.equal((await server.browser().submit('/login', { email: 'uma@example.com', password })).status, 403)
  assert.equal((await fill(ada, '/nova/policies/role/administrator', { limit: '' })).status, 400)
  assert.equal((await fill(ada, '/nova/policies/method/password', { limit: '0' })).status, 400)
})

test('a store administrator cannot touch the limit of a Super Admin', async (t) => {
  const server = await aServer(t)
  await aSuperAdmin(server)
  await server.person('sue@example.com', { roles: ['store-admin'] })
  const sue = await server.signedIn('sue@example.com')
  const ada = await server.accounts.findByEmail('ada@example.com')
  const own = `/nova/resources/users/${ada?.id}/limit`
  assert.equal((await sue.go(own)).status, 403)
  assert.equal((await sue.submit(own, { revision: '0', limit: '0', confirmed: 't' })).status, 403)
  const api = `/api/v1/admin/users/${ada?.id}/limit`
  assert.equal((await sue.call('POST', api, { revision: 0, set: { limit: 0 } })).status, 403)
  assert.equal((await server.accounts.find(ada?.id ?? ''))?.sessionLimit, null)
})

test('SLI-04 remember-me is switched off and on for everybody, and for a role', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  await server.person('uma@example.com')
  await server.person('sue@example.com', { roles: ['store-admin'] })
  const remembers = async (email: string) => {
    const browser = await server.signedIn(email, undefined, { remember: 't' })
    const session = await server.sessions.get(await idOf(browser))
    return session?.rememberedUntil !== null
  }
  assert.equal(await remembers('uma@example.com'), true)
  await save(ada, usersPath, { rememberFor: 'never' })
  assert.equal(await remembers('uma@example.com'), false)
  await save(ada, usersPath, { rememberFor: '' })
  await save(ada, '/nova/policies/role/administrator', { rememberFor: 'never' })
  assert.equal(await remembers('uma@example.com'), true)
  assert.equal(await remembers('sue@example.com'), false)
})

test('what is entered is refused at its field, with what was expected, and what was entered stays', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  for (const [field, entered, expected] of [
    ['limit', '-1', /whole number from 0 to 10000/],
    ['limit', '1.5', /whole number/],
    ['limit', '10001', /whole number/],
    ['idleTimeout', '59s', /a time from 1m to 90d/],
    ['idleTimeout', '91d', /a time from 1m to 90d/],
    ['idleTimeout', '30', /such as 30m/],
    ['idleTimeout', '&lt;b&gt;', /such as 30m/],
    ['retention', 'none', /a time from 1h/],
    ['onExceed', 'evict', /one of evict-oldest-inactive, deny, ask-user/],
    ['minimiseAfter', '60d', /expected at most/i],
    ['formTimeout', '3h', /expected less than/i],
  ] as const) {
    const answer = await fill(ada, usersPath, { [field]: entered.replace('&lt;b&gt;', '<b>') })
    assert.equal(answer.status, 400, `${field}=${entered}`)
    const [, error = ''] = new RegExp(`id="${field}-error">(.*?)</p>`).exec(answer.text) ?? []
    assert.match(error, expected, `${field}=${entered}`)
    if (field !== 'onExceed') assert.equal(fieldsOf(answer)[field], entered)
    assert.doesNotMatch(answer.text, /<b>/)
  }
  assert.deepEqual((await ada.call('GET', '/api/v1/admin/settings/history')).json(), { revisions: [] })
  for (const entered of ['1m', '90d', 'none'])
    assert.equal((await fill(ada, usersPath, { idleTimeout: entered, formTimeout: '' })).status, 200, entered)
})

test('R-29 the settings are for somebody who has just signed in', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const fields = { ...fieldsOf(await ada.go(usersPath)), limit: '1', confirmed: 't' }
  server.clock.advance(10 * minute)
  assert.equal((await ada.go(usersPath)).status, 200)
  server.clock.advance(1)
  assert.match((await ada.submit(usersPath, fields)).location ?? '', /^\/login\?reason=reauth_required/)
  const api = await ada.call('POST', '/api/v1/admin/settings/users', { revision: 0, set: { limit: 1 } })
  assert.equal(api.status, 401)
  assert.equal(server.sessions.policy.limit, 'unlimited')
})
