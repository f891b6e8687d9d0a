import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newKey } from '../../src/keys/key-secret.ts'
import { jsonLines } from '../../src/logger.ts'
import { aServer } from '../a-server.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'
import { aKey, altered, introspect, introspectPath, type Issued, keysApi, tokenOf } from './a-key.ts'

const day = 86_400_000
const page = '/nova/api-keys'

test('AUR-06 A-26 a key is shown once, and stands in no list, no page and no line of the log', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { secret, key } = await aKey(ada)
  const made = server.answers.length
  await introspect(server, secret, tokenOf(ada))
  await introspect(server, altered(secret), tokenOf(ada))
  for (const answer of [
    await ada.call('GET', keysApi),
    await ada.go(page),
    await ada.call('POST', `${keysApi}/${key.id}/rotate`, { overlap: 0 }),
    await ada.call('DELETE', `${keysApi}/${key.id}`),
    await ada.go(page),
  ])
    assert.ok(answer.status < 400, answer.text)
  const part = secret.split('_')[2] ?? '?'
  assert.ok(
    server.answers.slice(made).every(({ text, headers }) => !(text + JSON.stringify(headers)).includes(part)),
  )
  assert.ok(server.lines.every((line) => !line.includes(part)))
  assert.ok(server.lines.some((line) => line.includes('api_key.refused') && line.includes(key.id)))
  const told = server.lines.filter((line) => /api_key\.(created|rotated|revoked)/.test(line))
  assert.equal(told.length, 3)
  assert.ok(told.every((line) => line.includes(key.id) && /"by":"[\w-]+"/.test(line)))
})

test('A-26 a key that gets into a line of the log is blanked there, but for its public id', () => {
  const { text, id } = newKey('0123456789abcdef')
  let said = ''
  const log = jsonLines({ write: (line) => (said += line), now: () => 0 })
  log.error({ err: new Error(`no such column ${text}`), url: `/x?key=${text}` }, `refused ${text}`)
  assert.equal(said.split(`sjk_${id}_[redacted]`).length - 1 >= 3, true, said)
  assert.ok(!said.includes(text))
})

test('R-69 an address for programs is opened by a good key of the right scope alone, and by no cookie', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { secret, key } = await aKey(ada)
  const token = tokenOf(ada)
  const asked = await ada.call('POST', introspectPath, { token })
  assert.deepEqual([asked.status, asked.headers['www-authenticate']], [401, 'Bearer'])
  for (const wrong of ['x', `${secret}0`, altered(secret), token]) {
    const answer = await introspect(server, wrong, token)
    assert.deepEqual(
      [answer.status, answer.headers['www-authenticate']],
      [401, 'Bearer error="invalid_token"'],
    )
    assert.partialDeepStrictEqual(answer.json(), { error: 'invalid_key' })
  }
  assert.equal((await introspect(server, secret, token)).status, 200)
  const only = await aKey(ada, ['introspect:reason'])
  const refused = await introspect(server, only.secret, token)
  assert.equal(refused.status, 403)
  assert.equal(refused.headers['www-authenticate'], 'Bearer error="insufficient_scope", scope="introspect"')
  assert.equal((await ada.call('DELETE', `${keysApi}/${key.id}`)).status, 204)
  assert.equal((await introspect(server, secret, token)).status, 401)
})

test('R-41 A-21 what is not JSON, has other members, or is too large is refused', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { secret } = await aKey(ada)
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  assert.equal((await introspect(server, secret, 'x', {}, type)).status, 415)
  assert.equal((await introspect(server, secret, 'x', { toke: 1 })).status, 400)
  assert.equal((await introspect(server, secret, 'x'.repeat(70_000))).status, 413)
})

test('R-77 a network that shows wrong keys is told to wait, and the right key of the same network is not', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { secret } = await aKey(ada)
  const wrong = `sjk_${'0'.repeat(16)}_${'0'.repeat(64)}`
  for (let i = 0; i < 20; i++) assert.equal((await introspect(server, wrong, 'x')).status, 401)
  const refused = await introspect(server, wrong, 'x')
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1'])
  assert.equal((await introspect(server, secret, 'x')).status, 200)
  server.clock.advance(1_000)
  assert.equal((await introspect(server, wrong, 'x')).status, 401)
})

test('R-77 a key that asks too often is told when it may again', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { secret } = await aKey(ada, ['introspect'], { rate: 3 })
  for (let i = 0; i < 3; i++) assert.equal((await introspect(server, secret, 'x')).status, 200)
  const refused = await introspect(server, secret, 'x')
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '20'])
  server.clock.advance(20_000)
  assert.equal((await introspect(server, secret, 'x')).status, 200)
})

test('R-29 R-75 keys are made and replaced by whoever has just signed in, and revoked by any Super Admin', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const { key, secret } = await aKey(ada, ['introspect'], { expires_in: 90 * day })
  const { secret: next } = (
    await ada.call('POST', `${keysApi}/${key.id}/rotate`, { overlap: day })
  ).json() as Issued
  for (const one of [secret, next]) assert.equal((await introspect(server, one, 'x')).status, 200)
  server.clock.advance(10 * 60_000 + 1)
  assert.equal((await ada.call('POST', keysApi, { name: 'Shop', scopes: ['introspect'] })).status, 401)
  assert.equal((await ada.call('POST', `${keysApi}/${key.id}/rotate`, {})).status, 401)
  assert.equal(
    (await ada.submit(page, { name: 'Shop', scope_introspect: 't' })).location,
    `/login?reason=reauth_required&return_to=${encodeURIComponent(page)}`,
  )
  assert.equal((await ada.call('DELETE', `${keysApi}/${key.id}`)).status, 204)
  assert.equal((await ada.call('DELETE', `${keysApi}/${key.id}`)).status, 404)
  const { keys } = (await ada.call('GET', keysApi)).json() as { keys: readonly { state: string }[] }
  assert.deepEqual(
    keys.map(({ state }) => state),
    ['revoked'],
  )
})

test('what does not read makes no key', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  for (const body of [
    {},
    { name: '', scopes: ['introspect'] },
    { name: 'a\u0007', scopes: ['introspect'] },
    { name: 'Shop', scopes: [] },
    { name: 'Shop', scopes: ['everything'] },
    { name: 'Shop', scopes: ['introspect'], rate: 0 },
    { name: 'Shop', scopes: ['introspect'], expires_in: 0 },
    { name: 'Shop', scopes: ['introspect'], admin: true },
  ])
    assert.equal((await ada.call('POST', keysApi, body)).status, 400, JSON.stringify(body))
  assert.deepEqual((await ada.call('GET', keysApi)).json(), { keys: [] })
})

test('a page makes, replaces and revokes a key, and says what does not read beside its field', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const wrong = await ada.submit(page, { name: '', days: 'soon' })
  assert.equal(wrong.status, 400)
  for (const id of ['name', 'scopes', 'days']) assert.ok(wrong.text.includes(`id="${id}-error"`), id)
  const made = await ada.submit(page, { name: 'Shop <b>', scope_introspect: 't', days: '30' })
  const shown = /sjk_([0-9a-f]{16})_[0-9a-f]{64}/
  const [secret = '', id = ''] = shown.exec(made.text) ?? []
  assert.equal((await introspect(server, secret, 'x')).status, 200)
  const list = await ada.go(page)
  assert.ok(
    list.text.includes('Shop &lt;b&gt;') && list.text.includes(`sjk_${id}_…`) && !shown.test(list.text),
  )
  const [next = ''] = shown.exec((await ada.submit(`${page}/${id}/rotate`)).text) ?? []
  assert.notEqual(next, secret)
  for (const one of [secret, next]) assert.equal((await introspect(server, one, 'x')).status, 200)
  assert.equal((await ada.submit(`${page}/${id}/revoke`)).location, page)
  for (const one of [secret, next]) assert.equal((await introspect(server, one, 'x')).status, 401)
  assert.equal((await ada.submit(`${page}/${id}/rotate`)).status, 404)
})
