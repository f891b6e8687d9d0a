import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientScript } from '../src/client-script.ts'
import { aServer } from './a-server.ts'

test('R-44 the browser side is served as script from this origin, for good under the address of its version', async (t) => {
  const { origin } = await aServer(t)
  const answer = await fetch(origin + clientScript)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8')
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.equal(answer.headers.get('content-encoding'), 'gzip')
  assert.equal(answer.headers.get('vary'), 'Accept-Encoding')
  assert.equal(answer.headers.get('set-cookie'), null)
  const plain = await fetch(origin + clientScript, { headers: { 'accept-encoding': 'br, gzip;q=0' } })
  assert.equal(plain.headers.get('content-encoding'), null)
  assert.equal(await plain.text(), await answer.text())
})

test('what is of another version, or no module, is not found, and no cache keeps that', async (t) => {
  const { origin } = await aServer(t)
  const other = clientScript.replace(/[0-9a-f]{16}/, '0'.repeat(16))
  for (const path of [
    other,
    clientScript.replace('start.js', 'none.js'),
    `${clientScript}/../../../index.ts`,
  ]) {
    const answer = await fetch(origin + path)
    assert.deepEqual([answer.status, answer.headers.get('cache-control')], [404, 'no-store'], path)
  }
})

test('AUR-18 AUR-06 a page tells its script whose it is and when that ends, by the server’s clock, and nothing secret', async (t) => {
  const server = await aServer(t)
  const account = await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const { text } = await browser.ask('/account/sessions')
  const [, expires = '', subject] =
    /<meta\s+name="sojourn-session"\s+content="([^"]*)"\s+data-subject="([^"]*)"/.exec(text) ?? []
  assert.equal(subject, account.id)
  const session = (await browser.call('GET', '/api/v1/session')).json() as Status
  assert.equal(
    expires,
    `idle=${session.idle_expires_at}, absolute=${session.absolute_expires_at}, now=${session.now}`,
  )
  const nobody = await server.browser().ask('/login')
  assert.match(nobody.text, /<meta\s+name="sojourn-session"\s+content=""\s*\/>/)
})

test('a device that is remembered is told of no end, for it has none', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com', undefined, { remember: 'on' })
  const { text } = await browser.ask('/account/sessions')
  assert.match(text, /content="idle=\?0, absolute=\?0, now=\d+"/)
})

interface Status {
  readonly idle_expires_at: number
  readonly absolute_expires_at: number
  readonly now: number
}
