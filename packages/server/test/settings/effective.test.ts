import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, idOf } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { aSuperAdmin, save, usersPath } from './a-settings-page.ts'

const path = '/api/v1/admin/policies/effective'

interface Effective {
  readonly values: readonly {
    readonly option: string
    readonly value: string
    readonly source: { readonly layer: string; readonly revision: number | null }
    readonly losers: readonly unknown[]
  }[]
  readonly granted: { readonly idle_timeout: number } | null
}

async function effective(browser: Browser, query: string): Promise<Effective> {
  const answer = await browser.call('GET', `${path}?${query}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.json() as Effective
}

const valueOf = ({ values }: Effective, option: string) => values.find((value) => value.option === option)

test('SLI-18 P-11 of each value it is said which layer and revision it comes from, and what it prevails over', async (t) => {
  const policy = { extends: 'aurora', idleTimeout: '90m', roles: { 'store-admin': { limit: 6 } } } as const
  const server = await aServer(t, { config: { policy } })
  const ada = await aSuperAdmin(server)
  const { id } = await server.person('sue@example.com', { roles: ['store-admin'], sessionLimit: 2 })
  await save(ada, usersPath, { idleTimeout: '2h', limit: '9' })
  await save(ada, '/nova/policies/role/store-admin', { idleTimeout: '45m', limit: '4' })
  const history = (await ada.call('GET', '/api/v1/admin/settings/history')).json() as {
    revisions: { revision: number }[]
  }
  const [role, everybody] = history.revisions.map(({ revision }) => revision)
  const person = await effective(ada, 'user=sue@example.com')
  assert.deepEqual(valueOf(person, 'idleTimeout'), {
    option: 'idleTimeout',
    value: '45m',
    source: { layer: 'role store-admin', revision: role },
    losers: [
      { value: '2h', layer: 'install', revision: everybody },
      { value: '1h30m', layer: 'install', revision: null },
    ],
  })
  assert.deepEqual(valueOf(person, 'limit'), {
    option: 'limit',
    value: '2',
    source: { layer: 'subject', revision: null },
    losers: [
      { value: '9', layer: 'install', revision: everybody },
      { value: '4', layer: 'role store-admin', revision: role },
      { value: '1', layer: 'role administrator', revision: null },
      { value: '6', layer: 'role store-admin', revision: null },
    ],
  })
  assert.deepEqual(valueOf(person, 'retention')?.source, { layer: 'default', revision: null })
  await save(ada, `/nova/resources/users/${id}/limit`, { limit: '3' })
  assert.equal(valueOf(await effective(ada, `user=${id}`), 'limit')?.source.revision, (role ?? 0) + 1)
  const page = await ada.go(`/nova/policies/effective?user=${id}`)
  assert.match(page.text, /45m<\/td>\s*<td>for the role store-admin, by revision/)
  assert.match(page.text, /1h30m, for everybody, in the configuration/)
})

test('what holds for a session is what its next request meets, and what it was granted stands beside', async (t) => {
  const server = await aServer(t)
  const sue = await server
    .person('sue@example.com', { roles: ['store-admin'] })
    .then(() => server.signedIn('sue@example.com'))
  const ada = await aSuperAdmin(server)
  await save(ada, '/nova/policies/role/store-admin', { idleTimeout: '20m' })
  await save(ada, '/nova/policies/method/password', { absoluteTimeout: '7d' })
  const session = await idOf(sue)
  const found = await effective(ada, `session=${session}`)
  assert.deepEqual(valueOf(found, 'idleTimeout')?.source.layer, 'role store-admin')
  assert.deepEqual(valueOf(found, 'absoluteTimeout')?.source.layer, 'method password')
  assert.equal(found.granted?.idle_timeout, 7_200_000)
  server.clock.advance(20 * 60_000 + 1)
  assert.match((await sue.go('/account')).location ?? '', /reason=idle_timeout/)
  const page = await ada.go(`/nova/policies/effective?session=${session}`)
  assert.match(page.text, /granted an idle timeout of\s+2h/)
})

test('the effective policy of nobody is a 404, and of both a person and a session a 400', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  assert.equal((await ada.call('GET', `${path}?user=nobody@example.com`)).status, 404)
  assert.equal((await ada.call('GET', `${path}?session=AAAAAAAAAAAAAAAAAAAAAA`)).status, 404)
  assert.equal((await ada.call('GET', path)).status, 400)
  assert.equal((await ada.call('GET', `${path}?user=a&session=b`)).status, 400)
  assert.equal((await ada.go('/nova/policies/effective?user=nobody')).status, 404)
})

test('a method and an integration that nobody has set up yet can be given settings', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  for (const [kind, name] of [
    ['method', 'saml'],
    ['integration', 'library.example:1'],
    ['app', 'constructor'],
  ] as const) {
    const found = await ada.go(`/nova/policies/layer?kind=${kind}&name=${name}`)
    assert.equal(found.location, `/nova/policies/${kind}/${encodeURIComponent(name)}`)
    await save(ada, found.location ?? '', { limit: '2' })
    assert.match((await ada.go('/nova/policies')).text, new RegExp(`${name}</a>`))
  }
  for (const name of ['', '__proto__', '../x', 'a b', 'x'.repeat(129)])
    assert.equal(
      (await ada.go(`/nova/policies/layer?${new URLSearchParams({ kind: 'app', name }).toString()}`)).status,
      400,
      name,
    )
  for (const path of ['/nova/policies/subject/x', '/nova/policies/install/x', '/nova/policies/toString/x'])
    assert.equal((await ada.go(path)).status, 404, path)
})
