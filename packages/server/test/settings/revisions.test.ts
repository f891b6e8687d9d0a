import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memory } from 'sojourn/stores/memory'
import { aServer } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { aSuperAdmin, fieldsOf, fill, save, usersPath } from './a-settings-page.ts'

const minute = 60_000
const history = '/nova/settings/history'

interface RevisionView {
  readonly revision: number
  readonly by: string
  readonly at: number
  readonly note: string
  readonly changes: readonly {
    readonly option: string
    readonly before: string | null
    readonly after: string | null
  }[]
  readonly undoes: number | null
}

async function revisionsOf(browser: Browser): Promise<readonly RevisionView[]> {
  const answer = await browser.call('GET', '/api/v1/admin/settings/history')
  return (answer.json() as { revisions: RevisionView[] }).revisions
}

test('SLI-11 every change is a revision: who, when, why, before and after', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { id } = (await server.accounts.findByEmail('ada@example.com')) ?? {}
  await save(ada, usersPath, { limit: '3', idleTimeout: '60m', note: 'because of <audit>' })
  server.clock.advance(minute)
  await save(ada, usersPath, { limit: '', idleTimeout: 'none' })
  const [second, first] = await revisionsOf(ada)
  const now = server.clock.now()
  assert.partialDeepStrictEqual(first, { by: id, at: now - minute, note: 'because of <audit>', undoes: null })
  assert.deepEqual(first?.changes, [
    { option: 'limit', before: null, after: '3' },
    { option: 'idleTimeout', before: null, after: '1h' },
  ])
  assert.deepEqual(second?.changes, [
    { option: 'limit', before: '3', after: null },
    { option: 'idleTimeout', before: '1h', after: 'none' },
  ])
  const page = await ada.go(history)
  assert.match(page.text, /Idle timeout: 1h → none/)
  assert.match(page.text, /because of &lt;audit&gt;/)
  const line = server.lines.find((one) => one.includes('"settings.set"'))
  assert.match(line ?? '', new RegExp(`"by":"${id}".*"option":"limit","before":null,"after":"3"`))
})

test('of two administrators at once the second is told what changed, and loses nothing of theirs', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const bob = await aSuperAdmin(server, 'bob@example.com')
  await save(ada, usersPath, { idleTimeout: '3h' })
  const opened = fieldsOf(await bob.go(usersPath))
  await save(ada, usersPath, { limit: '3', idleTimeout: '1h', note: 'mine' })
  const late = { ...opened, limit: '7', absoluteTimeout: '7d', note: 'his', confirmed: 't' }
  const told = await bob.submit(usersPath, late)
  assert.equal(told.status, 409)
  assert.match(
    told.text,
    /ada@example\.com.*Sessions at once: as inherited → 3; Idle timeout: 3h → 1h \(mine\)/s,
  )
  const merged = fieldsOf(told)
  assert.partialDeepStrictEqual(merged, {
    limit: '7',
    absoluteTimeout: '7d',
    idleTimeout: '1h',
    note: 'his',
  })
  assert.equal(server.sessions.policy.limit, 3, 'nothing of it has happened')
  assert.equal((await bob.submit(usersPath, { ...merged, confirmed: 't' })).status, 303)
  const { limit, idleTimeout, absoluteTimeout } = server.sessions.policy
  assert.deepEqual([limit, idleTimeout, absoluteTimeout], [7, 60 * minute, 7 * 24 * 60 * minute])
  const api = await bob.call('POST', '/api/v1/admin/settings/users', { revision: 0, set: { limit: 1 } })
  assert.equal(api.status, 409)
  assert.deepEqual((api.json() as { since: RevisionView[] }).since.length, 3)
})

test('of many changes at once from the same revision one is made', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      ada.call('POST', '/api/v1/admin/settings/users', { revision: 0, set: { limit: i + 1 } }),
    ),
  )
  const winner = answers.findIndex(({ status }) => status === 200)
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, ...Array<number>(9).fill(409)],
  )
  assert.equal(server.sessions.policy.limit, winner + 1)
  assert.equal((await revisionsOf(ada)).length, 1)
})

test('an undo is a revision of its own, and does not overwrite what came later', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { id } = await server.person('uma@example.com', { sessionLimit: 4 })
  await save(ada, usersPath, { limit: '3', idleTimeout: '1h' })
  await save(ada, usersPath, { limit: '5' })
  await save(ada, `/nova/resources/users/${id}/limit`, { limit: '9' })
  const [own = 0, second = 0, first = 0] = (await revisionsOf(ada)).map(({ revision }) => revision)
  assert.equal((await ada.submit(`${history}/${first}/undo`)).status, 409)
  assert.equal(server.sessions.policy.limit, 5)
  for (const revision of [second, first, own])
    assert.match((await ada.submit(`${history}/${revision}/undo`)).location ?? '', /undone=/)
  assert.equal(server.sessions.policy.limit, 'unlimited')
  assert.equal(server.sessions.policy.idleTimeout, 120 * minute)
  assert.equal((await server.accounts.find(id))?.sessionLimit, 4)
  const all = await revisionsOf(ada)
  assert.deepEqual(
    all.map(({ undoes }) => undoes),
    [own, first, second, null, null, null],
  )
  assert.equal((await ada.submit(`${history}/${all[0]?.revision}/undo`)).status, 303, 'an undo is undone')
  assert.equal((await server.accounts.find(id))?.sessionLimit, 9)
  assert.equal((await ada.submit(`${history}/999/undo`)).status, 404)
})

test('before it is saved a change says how many sessions it would end, and ends them now only where that is chosen', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  await server.person('ida@example.com')
  const [uma, , ida] = [
    await server.signedIn('uma@example.com'),
    await server.signedIn('uma@example.com'),
    await server.signedIn('ida@example.com'),
  ]
  server.clock.advance(30 * minute)
  const ada = await aSuperAdmin(server)
  const live = async () => (await server.sessions.list()).items.length
  assert.match((await fill(ada, usersPath, { idleTimeout: '30m' })).text, /No session that stands now/)
  const asked = await fill(ada, usersPath, { idleTimeout: '29m' })
  assert.match(asked.text, /<strong>3 sessions<\/strong> of 2 people/)
  assert.equal(server.sessions.policy.idleTimeout, 120 * minute, 'asking changes nothing')
  await save(ada, usersPath, { idleTimeout: '29m' })
  assert.equal(await live(), 4)
  assert.match((await uma.go('/account')).location ?? '', /reason=idle_timeout/)
  const { id: admin } = (await server.accounts.findByEmail('ada@example.com')) ?? {}
  const { revision } = (await revisionsOf(ada))[0] ?? {}
  const api = await ada.call('POST', '/api/v1/admin/settings/users', {
    revision,
    set: { idleTimeout: '28m' },
    standing: 'end',
  })
  // What an earlier change was against is over already, whatever the next one says.
  assert.equal((api.json() as { ended: number }).ended, 0)
  await ida.go('/account')
  const zoe = await server.person('zoe@example.com').then(() => server.signedIn('zoe@example.com'))
  server.clock.advance(9 * minute)
  await save(ada, usersPath, { idleTimeout: '8m', standing: 't' })
  assert.match((await zoe.go('/account')).location ?? '', /reason=policy_changed/)
  const ended = await server.sessions.list({ state: 'ended', reason: 'policy_changed' })
  assert.deepEqual([...new Set(ended.items.map(({ endedBy }) => endedBy))], [admin])
})

test('a setting above the ceiling of the configuration is refused before it is saved', async (t) => {
  const server = await aServer(t, { config: { policy: 'jadu' } })
  const ada = await aSuperAdmin(server)
  const above = await fill(ada, usersPath, { idleTimeout: '25m' })
  assert.equal(above.status, 400)
  assert.match(above.text, /id="idleTimeout-error">Expected at most idleTimeoutMax, 24m/)
  await save(ada, usersPath, { idleTimeout: '24m' })
})

test('layers that would contradict each other at somebody’s login are refused before they are saved', async (t) => {
  const server = await aServer(t, { config: { policy: { roles: { 'store-admin': { formTimeout: '8m' } } } } })
  const ada = await aSuperAdmin(server)
  await server.person('sue@example.com', { roles: ['store-admin'] })
  const method = '/nova/policies/method/magic_link'
  const clash = await fill(ada, method, { idleTimeout: '8m' })
  assert.equal(clash.status, 400)
  assert.match(clash.text, /id="formTimeout-error">Expected less than/)
  await save(ada, method, { idleTimeout: '9m' })
  await save(ada, usersPath, { formTimeout: '4m' })
  await save(ada, method, { idleTimeout: '5m' })
  await server.signedIn('sue@example.com')
})

test('a limit is refused where the store of the sessions cannot keep it', async (t) => {
  const store = memory()
  const loose = new Proxy(store, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (key === 'declines') return { ...target.declines, 'exact-limits': 'it forgets' }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  const server = await aServer(t, { store: loose })
  const ada = await aSuperAdmin(server)
  const refused = await fill(ada, usersPath, { limit: '3' })
  assert.equal(refused.status, 400)
  assert.match(refused.text, /does not keep exact limits \(it forgets\)/)
  await save(ada, usersPath, { idleTimeout: '1h' })
})
