import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from '../a-server.ts'

const email = 'uma@example.com'

test('a demo keeps its letters, and whoever sits at the machine follows their links', async (t) => {
  const server = await aServer(t, { config: { mode: 'demo', url: 'http://localhost:4321' } })
  await server.person(email)
  const browser = server.browser()
  assert.match((await browser.go('/dev/mail')).text, /No letters yet/)
  const asked = await browser.submit('/login/link', { email })
  assert.match(asked.text, /href="\/dev\/mail"/)
  await server.mailer?.idle()
  const { text } = await browser.go('/dev/mail')
  const [, link = ''] = /href="http:\/\/localhost:4321(\/login\/link\?token=[^"]+)"/.exec(text) ?? []
  const token = new URL(link, 'http://localhost').searchParams.get('token') ?? ''
  assert.equal((await browser.submit('/login/link/enter', { token })).status, 303)
  assert.match((await browser.go('/dev/mail')).headers['cache-control'] ?? '', /no-store/)
})

test('the letters of a demo are for its own machine: by its own name, and by way of no proxy', async (t) => {
  const server = await aServer(t, { config: { mode: 'demo' } })
  const { port } = new URL(server.origin)
  const status = async (headers: { readonly [name: string]: string }) =>
    (await server.browser().go('/dev/mail', headers)).status
  for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, '[::1]'])
    assert.equal(await status({ host }), 200, host)
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '10.0.0.7',
    '0.0.0.0',
  ])
    assert.equal(await status({ host }), 404, host)
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
    assert.equal(await status({ [name]: '127.0.0.1' }), 404, name)
})

test('production has no such page, whatever is set', async (t) => {
  for (const env of [{}, { SOJOURN_SMTP: 'smtp://127.0.0.1:1' }]) {
    const server = await aServer(t, { env })
    assert.equal((await server.browser().go('/dev/mail')).status, 404)
  }
})
