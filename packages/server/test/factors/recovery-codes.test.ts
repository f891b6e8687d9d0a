import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { test } from 'node:test'
import { minute } from 'sojourn/core'
import { aFolder, idOf, secret } from '../a-server.ts'
import { aFactorServer, codesIn, email, security } from './factor-server.ts'

test('ten codes come with the first factor, are shown once, and each gets in once', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const own = await server.signedIn(email)
  const { codes } = await server.setUpApp(own)
  assert.equal(new Set(codes).size, 10)
  await server.addPasskey(own)
  for (const path of [security, '/account', `${security}?done=totp-added`])
    assert.deepEqual(codesIn(await own.go(path)), [], 'they are not shown again')
  const [code = '', other = ''] = codes
  const browser = await server.firstStep()
  assert.match((await browser.go('/login/second')).text, /Use a recovery code/)
  assert.equal((await browser.submit('/login/second', { recovery: code })).location, '/')
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.amr, session?.assurance], [['pwd', 'otp', 'mfa'], 2])
  const again = await server.firstStep()
  assert.equal((await again.submit('/login/second', { recovery: code })).status, 401)
  // As somebody types it from paper.
  const written = ` ${other.toUpperCase().replaceAll('-', ' ').replaceAll('O', '0').replaceAll('L', '1')} `
  assert.equal((await again.submit('/login/second', { recovery: written })).location, '/')
  assert.match((await again.go(security)).text, /8 codes are left/)
})

test('the use of a code is told by mail, and is as good as any factor to remove the lost one', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { codes } = await server.setUpApp(await server.signedIn(email))
  const browser = await server.firstStep()
  await browser.submit('/login/second', { recovery: codes[0] ?? '' })
  const letter = (await server.to(email)).at(-1)
  assert.match(letter?.subject ?? '', /A recovery code .* was used/)
  assert.match(letter?.text ?? '', /9 more codes are good/)
  assert.doesNotMatch(letter?.text ?? '', new RegExp(codes.join('|')))
  const removed = await browser.submit(`${security}/authenticator/remove`)
  assert.equal(removed.location, `${security}?done=totp-removed`)
})

test('of many who use one recovery code at once, one gets in', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { codes } = await server.setUpApp(await server.signedIn(email))
  const browsers = []
  for (let i = 0; i < 4; i++) browsers.push(await server.firstStep())
  const recovery = codes[3] ?? ''
  const answers = await Promise.all(browsers.map((browser) => browser.submit('/login/second', { recovery })))
  assert.equal(answers.filter(({ location }) => location === '/').length, 1)
})

test('new codes end the old ones, and are told by mail', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const own = await server.signedIn(email)
  assert.equal((await own.submit(`${security}/recovery-codes`)).status, 409, 'there is nothing to recover')
  const { codes: old } = await server.setUpApp(own)
  const fresh = codesIn(await own.submit(`${security}/recovery-codes`))
  assert.equal(fresh.length, 10)
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /has new recovery codes/)
  const browser = await server.firstStep()
  for (const code of old)
    assert.equal((await browser.submit('/login/second', { recovery: code })).status, 401)
  assert.equal((await browser.submit('/login/second', { recovery: fresh[9] ?? '' })).location, '/')
})

test('a code opens its own account alone, and guessing them locks nobody out', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  await server.person('ivo@example.com')
  const { app } = await server.setUpApp(await server.signedIn(email))
  const { codes } = await server.setUpApp(await server.signedIn('ivo@example.com'))
  server.clock.advance(minute)
  const browser = await server.firstStep()
  for (const code of [...codes, '', 'aaaa-aaaa-aaaa-aaaa', "' or 1=1"])
    assert.equal((await browser.submit('/login/second', { recovery: code || ' ' })).status, 401)
  assert.equal((await browser.submit('/login/second', { code: app.code() })).location, '/')
})

test('R-67 A-10 A-26 the database and the log hold neither the key of an app nor a code', async (t) => {
  const file = join(await aFolder(t), 'server.db')
  const server = await aFactorServer(t, { env: { SOJOURN_DATABASE: `sqlite:${file}` } })
  await server.person(email)
  const own = await server.signedIn(email)
  const { text } = await own.go(`${security}/authenticator`)
  const key = /Key: <code>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? ''
  const { app, codes } = await server.setUpApp(own)
  server.clock.advance(minute)
  const code = app.code()
  const browser = await server.firstStep()
  await browser.submit('/login/second', { code })
  const database = new DatabaseSync(file, { readOnly: true })
  t.after(() => database.close())
  const tables = ['totp', 'recovery_codes', 'passkeys', 'login_failures']
  const rows = tables.map((table) => JSON.stringify(database.prepare(`select * from ${table}`).all()))
  const held = [...rows, ...server.lines].join('\n')
  for (const one of [
    key,
    key.slice(0, 12),
    `"${code}"`,
    secret,
    ...codes,
    ...codes.map((c) => c.replaceAll('-', '')),
  ])
    assert.ok(!held.includes(one), 'a secret is held in clear')
  assert.equal(rows[1]?.match(/hash/g)?.length, 10)
})

test('R-75 what was kept under the previous secret is good while it is replaced, is sealed anew on use, and else fails closed', async (t) => {
  const file = `sqlite:${join(await aFolder(t), 'server.db')}`
  const next = 'another-secret-that-is-long-enough-too'
  const given = (SOJOURN_SECRET: string) => ({ env: { SOJOURN_DATABASE: file, SOJOURN_SECRET } })
  const before = await aFactorServer(t, given(secret))
  await before.person(email)
  const { app, codes } = await before.setUpApp(await before.signedIn(email))
  const enter = async (on: string, fields: { readonly [field: string]: string }, ahead: number) => {
    const server = await aFactorServer(t, given(on))
    server.clock.advance(ahead)
    return (await (await server.firstStep()).submit('/login/second', fields)).location
  }
  assert.equal(await enter(next, { recovery: codes[0] ?? '' }, minute), undefined)
  assert.equal(await enter(`${next},${secret}`, { recovery: codes[0] ?? '' }, minute), '/')
  assert.equal(await enter(next, { code: app.code(2) }, minute), undefined)
  assert.equal(await enter(`${next},${secret}`, { code: app.code(2) }, minute), '/')
  assert.equal(await enter(next, { code: app.code(4) }, 2 * minute), '/', 'it was sealed anew')
})
