import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldsOf } from '../settings/a-settings-page.ts'
import { anIntegrationServer, campus, elsewhere, enter, from, path, who } from './integration-server.ts'

const pages = '/nova/integrations'
const network = {
  kind: 'ip',
  name: 'State Library',
  ranges: '192.0.2.0/24\n2001:db8:7::/48',
  entry: 'ask',
  who: 'shared',
}

test('an administrator makes, changes, disables and removes an integration by pages alone', async (t) => {
  const server = await anIntegrationServer(t)
  const { ada } = server
  assert.match((await ada.go('/nova/settings/users')).text, /href="\/nova\/integrations"/)
  assert.match((await ada.go(pages)).text, /There is none/)
  const form = await ada.go(`${pages}/new?kind=ip`)
  assert.match(form.text, /trusts one proxy and sees you at an address that no proxy told of/)
  const made = await ada.submit(pages, { ...network, enabled: 't', sessionLimit: '2' })
  assert.match(made.location ?? '', /^\/nova\/integrations\/state-library-[0-9a-f]{10}\?done=made$/)
  const at = made.location?.split('?')[0] ?? ''
  const id = at.slice(pages.length + 1)
  const shown = await ada.go(made.location ?? '', from(elsewhere))
  assert.match(shown.text, /192\.0\.2\.0\/24\n2001:db8:7::\/48<\/textarea/)
  assert.match(shown.text, /sees you at 198\.51\.100\.9/)
  assert.match(shown.text, /0 sessions of it live now/)
  assert.match((await ada.go(pages)).text, /State Library<\/a>\s*<small>Network<\/small>/)
  const browser = server.browser()
  assert.equal((await enter(browser, { id })).status, 303)
  assert.match((await ada.go(at)).text, /1 session of it live now/)
  const fields = { ...fieldsOf(shown), ...network, kind: '' }
  const changed = await ada.submit(at, { ...fields, name: 'City Library', enabled: 't', sessionLimit: '' })
  assert.equal(changed.location, `${at}?done=saved&ended=0`)
  assert.equal((await who(browser)).isIn, true)
  const late = await ada.submit(at, { ...fields, name: 'Too late', enabled: 't' })
  assert.equal(late.status, 409)
  assert.match(late.text, /Somebody else has changed this meanwhile[^]*value="Too late"/)
  assert.equal(
    (
      await ada.submit(at, {
        ...fieldsOf(late),
        ...network,
        kind: '',
        name: 'City Library',
        enabled: '',
        sessionLimit: '',
      })
    ).status,
    303,
  )
  assert.equal((await who(browser)).isIn, false, 'without the mark it is disabled')
  assert.match((await ada.go(pages)).text, /Network, disabled/)
  const removed = await ada.submit(`${at}/remove`)
  assert.equal(removed.location, `${pages}?done=removed&ended=0`)
  assert.match((await ada.go(removed.location ?? '')).text, /Removed\./)
  assert.equal((await ada.go(at)).status, 404)
  const events = server.lines.map(
    (line) => JSON.parse(line) as { event?: string; changed?: string[]; by?: string },
  )
  const audit = events.filter(({ event }) => event?.startsWith('integration.') === true)
  assert.deepEqual(
    audit.map(({ event, changed, by }) => [event, changed, typeof by]),
    [
      ['integration.created', undefined, 'string'],
      ['integration.changed', ['name', 'settings.sessionLimit'], 'string'],
      ['integration.changed', ['enabled'], 'string'],
      ['integration.removed', undefined, 'string'],
    ],
  )
})

test('what does not read is told beside its field, and nothing that was typed is lost', async (t) => {
  const server = await anIntegrationServer(t)
  const { ada } = server
  const answer = await ada.submit(pages, {
    ...network,
    name: ' ',
    ranges: '192.0.2.0/24\n0.0.0.0/0',
    sessionLimit: 'x',
  })
  assert.equal(answer.status, 400)
  assert.match(answer.text, /id="name-error">Expected a name/)
  assert.match(answer.text, /id="ranges-error">0\.0\.0\.0\/0: expected a range no wider than \/8/)
  assert.match(answer.text, /id="sessionLimit-error">Expected a whole number/)
  assert.match(answer.text, /192\.0\.2\.0\/24\n0\.0\.0\.0\/0<\/textarea/)
  const site = await ada.submit(pages, { kind: 'referer', name: 'X', pages: 'https://user@good.example' })
  assert.match(site.text, /id="pages-error">https:\/\/user@good\.example: expected an origin/)
  assert.match(site.text, /any program can send it/)
  assert.equal((await ada.submit(pages, { ...network, kind: 'smtp' })).status, 404)
  assert.equal((await ada.go(`${pages}/new?kind=toString`)).status, 404)
  assert.match((await ada.go(pages)).text, /There is none/)
})

test('the API takes what the pages take, says what is wrong, and never makes half of it', async (t) => {
  const server = await anIntegrationServer(t)
  const { ada } = server
  const bad = await ada.call('POST', path, { kind: 'ip', name: 'X', settings: { ranges: ['x'] } })
  assert.equal(bad.status, 400)
  assert.match((bad.json() as { detail: string }).detail, /ranges: x: expected an address/)
  for (const body of [
    {},
    { kind: 'ip' },
    { kind: 'ip', name: 'X' },
    { kind: 'x', name: 'X', settings: {} },
    'x',
  ])
    assert.equal((await ada.call('POST', path, body)).status, 400)
  const strange = { kind: 'ip', name: 'X', settings: { ranges: [campus], admin: true } }
  assert.equal((await ada.call('POST', path, strange)).status, 400)
  const { id } = await server.network({ sessionLimit: 4 })
  const one = (await ada.call('GET', `${path}/${id}`)).json() as { integration: { settings: object } }
  assert.deepEqual(one.integration.settings, {
    ranges: ['192.0.2.0/24', '2001:db8:7::/48'],
    entry: 'ask',
    who: 'shared',
    sessionLimit: 4,
  })
  const many = await Promise.all(
    ['A', 'B', 'C'].map((name) => ada.call('POST', `${path}/${id}`, { revision: 1, name })),
  )
  assert.deepEqual(
    many.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409, 409],
  )
  assert.equal((await ada.call('GET', `${path}/nowhere`)).status, 404)
  assert.equal(((await ada.call('GET', path)).json() as { integrations: object[] }).integrations.length, 1)
})

test('an integration that does not say who comes means no account, and one that does means it once it is linked', async (t) => {
  const server = await anIntegrationServer(t)
  const { ada } = server
  const uma = await server.person('uma@example.com')
  const site = await server.site()
  const link = (id: string, account = uma.id) =>
    ada.call('POST', `${path}/${id}/subjects`, { external_id: 'shared', account })
  assert.equal((await link(site.id)).status, 409)
  const platform = await server.make('lti', {
    issuer: 'https://campus.example.edu',
    clientId: 'c',
    authorizationEndpoint: 'https://campus.example.edu/auth',
    jwksUri: 'https://campus.example.edu/keys',
    deploymentIds: ['1'],
  })
  assert.equal((await link(platform.id, 'nobody')).status, 404)
  assert.equal((await link(platform.id)).status, 200)
  assert.equal((await link(platform.id)).status, 409)
})

test('ASVS 7.5.1 changing who may vouch asks for somebody who has just signed in', async (t) => {
  const server = await anIntegrationServer(t)
  const { id } = await server.network()
  server.clock.advance(10 * 60_000 + 1)
  const { ada } = server
  assert.match((await ada.go(`${pages}/${id}`)).location ?? '', /reauth_required/)
  assert.match((await ada.submit(`${pages}/${id}/remove`)).location ?? '', /reauth_required/)
  assert.match((await ada.submit(pages, network)).location ?? '', /reauth_required/)
  assert.equal((await ada.call('DELETE', `${path}/${id}`)).status, 401)
  assert.equal((await ada.call('POST', `${path}/${id}`, { revision: 1, enabled: false })).status, 401)
  assert.equal((await ada.call('GET', `${path}/${id}`)).status, 200)
})
