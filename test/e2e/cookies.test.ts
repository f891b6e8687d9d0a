import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { aSite } from './a-site.ts'
import { launchChromium, noChromium } from './chromium.ts'

const name = '__Host-Http-sid'

describe('the session cookie, in a real browser', { skip: noChromium }, () => {
  let chromium: Browser
  before(async () => {
    chromium = await launchChromium()
  })
  after(() => chromium.close())

  test('R-32 it is set over plain HTTP on localhost, for this host alone, and no script can read it', async (t) => {
    const site = await aSite(t, chromium)
    const { page } = await site.signedUp('uma@example.com', { script: true })
    const cookies = await page.context().cookies()
    const alike = { domain: 'localhost', httpOnly: true, secure: true, sameSite: 'Lax' }
    assert.partialDeepStrictEqual(
      cookies.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { ...alike, name, path: '/' },
        // That somebody was signed in here: only the sign-in hears of it.
        { ...alike, name: '__Secure-known-device', path: '/login' },
      ],
    )
    assert.equal(cookies.length, 2)
    assert.equal(await page.evaluate('document.cookie'), '')
  })

  test('R-32 a script can neither plant it nor replace it', async (t) => {
    const site = await aSite(t, chromium)
    const { page } = await site.person({ script: true })
    await page.goto('/login')
    const plant = `document.cookie = '${name}=planted; Path=/; Secure'`
    await page.evaluate(plant)
    assert.deepEqual(await page.context().cookies(), [], 'before the sign-in')
    await page.evaluate(`document.cookie = 'plain=planted; Path=/; Secure'`)
    assert.equal(
      (await page.context().cookies()).length,
      1,
      'a cookie without the prefix is planted all right',
    )
    await page.context().clearCookies()

    const signedUp = await site.signedUp('uma@example.com', { script: true })
    const before = await signedUp.page.context().cookies()
    await signedUp.page.evaluate(plant)
    assert.deepEqual(await signedUp.page.context().cookies(), before)
    await signedUp.page.goto('/account/sessions')
    assert.equal(await signedUp.page.getByRole('heading', { level: 1 }).innerText(), 'Your sessions')
  })

  test('A-16 a script that fills the cookie jar may sign its person out, and signs nobody else in', async (t) => {
    const site = await aSite(t, chromium)
    const { page } = await site.signedUp('uma@example.com', { script: true })
    const held = (await page.context().cookies()).find((cookie) => cookie.name === name)
    // More than a browser keeps of one host, each as good as ours: newer, on the same path, over the same connection.
    const flood = `for (let i = 0; i < 400; i++) document.cookie = 'flood-' + i + '=x; Path=/; Secure; SameSite=Lax'`
    await page.evaluate(flood)
    await page.evaluate(`document.cookie = '${name}=planted; Path=/; Secure'`)
    await page.goto('/account/sessions')
    const heading = await page.getByRole('heading', { level: 1 }).innerText()
    const cookies = await page.context().cookies()
    assert.ok(cookies.length < 400, `the jar keeps ${cookies.length}`)
    const kept = cookies.filter((cookie) => cookie.name === name)
    assert.deepEqual(
      kept.map(({ value }) => value).filter((value) => value !== held?.value),
      [],
    )
    assert.ok(['Your sessions', 'Sign in'].includes(heading), heading)
  })

  test('R-32 without HttpOnly, or for more hosts than one, the browser does not store it', async (t) => {
    const refused = {
      '/no-http-only': 'Path=/; Secure',
      '/domain': 'Path=/; Secure; HttpOnly; Domain=localhost',
      '/not-secure': 'Path=/; HttpOnly',
      '/path': 'Path=/path; Secure; HttpOnly',
    }
    const asked: { readonly [path: string]: string } = { ...refused, '/good': 'Path=/; Secure; HttpOnly' }
    const server = createServer((request, response) => {
      // A browser asks for an icon too, and is given no cookie then.
      const wanted = asked[request.url ?? '']
      if (wanted !== undefined) response.setHeader('Set-Cookie', `${name}=planted; ${wanted}`)
      response.end('ok')
    }).listen(0, '127.0.0.1')
    t.after(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const context = await chromium.newContext()
    t.after(() => context.close())
    const page = await context.newPage()
    for (const path of Object.keys(refused)) {
      await page.goto(`http://localhost:${port}${path}`)
      assert.deepEqual(await context.cookies(), [], path)
    }
    await page.goto(`http://localhost:${port}/good`)
    assert.equal((await context.cookies()).length, 1)
  })
})
