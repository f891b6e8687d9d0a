import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, idOf } from '../a-server.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'

const path = '/nova/resources/auth-sessions'
const search = (filter: string) => `${path}?${new URLSearchParams({ filter }).toString()}`

test('SLI-23 the page of sessions is searched by the filter language, with its help and its faults at their place', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  await server.person('uma@example.com')
  const uma = await idOf(await server.signedIn('uma@example.com'))
  const own = await idOf(ada)
  const { text, status } = await ada.go(search('user:uma@example.com state:active'))
  assert.equal(status, 200)
  assert.ok(text.includes(uma) && !text.includes(own))
  assert.match(text, /<input[^>]*name="filter"[^>]*value="user:uma@example.com state:active"/)
  assert.match(text, /What can be written here[\s\S]*as_of:2026-11-21T14:05Z/)
  const wrong = await ada.go(search('state:dead <b>'))
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /id="filter-error">\s*Not understood at 7: expected one of active, live/)
  assert.match(wrong.text, /state:<mark>dead<\/mark> &lt;b&gt;/)
  assert.match(wrong.text, /aria-invalid="true"/)
  assert.ok(!wrong.text.includes(uma), 'no list stands beside it')
  assert.match((await ada.go(search('user:nobody'))).text, /No sessions match this filter/)
  assert.equal((await ada.go(`${search('role:user')}&cursor=x`)).status, 400)
  for (let i = 0; i < 55; i++) await server.sessions.start({ subject: 'u-1', roles: ['r'] })
  const first = await ada.go(search('role:r'))
  const next = /href="([^"]*cursor=[^"]*)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? assert.fail()
  assert.equal([...(await ada.go(next)).text.matchAll(/<tr[^>]*>\s*<th scope="row">/g)].length, 5)
})

test('R-23 P-11 all that match are ended from the page: counted first, no more than was shown, with a note', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  await server.person('uma@example.com')
  const uma = await server.signedIn('uma@example.com')
  const filter = 'state:active method:password'
  const asked = await ada.submit(`${path}/end`, { filter })
  assert.match(asked.text, /<strong>1 session<\/strong> of 1 person/)
  assert.equal((await uma.go('/account')).status, 200, 'nothing has ended')
  const other = await server.signedIn('uma@example.com')
  const more = await ada.submit(`${path}/end`, { filter, most: '1' })
  assert.equal(more.status, 409)
  assert.match(more.text, /More match by now[\s\S]*<strong>2 sessions<\/strong>/)
  const done = await ada.submit(`${path}/end`, { filter, most: '2', note: 'over night' })
  assert.match((await ada.go(done.location ?? '')).text, /2 sessions were ended\./)
  for (const browser of [uma, other])
    assert.match((await browser.go('/account')).location ?? '', /reason=bulk_revoked/)
  assert.ok(server.lines.some((line) => line.includes('sessions.revoked') && line.includes('over night')))
  for (const bad of [
    {},
    { filter: 'x' },
    { filter: 'as_of:2026-01-01T00:00Z' },
    { filter, note: 'a\nb', most: '1' },
  ])
    assert.equal((await ada.submit(`${path}/end`, bad)).status, 400, JSON.stringify(bad))
  const one = await idOf(await server.signedIn('uma@example.com'))
  await ada.submit(`${path}/${one}/end`, { note: 'lost phone' })
  assert.ok(server.lines.some((line) => line.includes('lost phone') && line.includes(one)))
})
