import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createListener, type AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import type { Browser } from 'playwright-core'
import { openDatabase } from '../../packages/server/src/database/open-database.ts'
import { Integrations } from '../../packages/server/src/integrations/integrations.ts'
import { aKey, claim, sign } from '../../packages/server/test/lti/fake-platform.ts'
import { aSite, type Site } from './a-site.ts'
import { launchChromium, noChromium } from './chromium.ts'

describe('launches from a learning platform of another site, in a real browser', { skip: noChromium }, () => {
  let chromium: Browser
  before(async () => {
    chromium = await launchChromium()
  })
  after(() => chromium.close())

  test('SLI-05 a link of a course leads in, in its own window, and the former session ends', async (t) => {
    const { site, course } = await aCourse(t, chromium)
    const { page, complaints } = await site.signedUp('uma@example.com')
    const before = await sessionIn(site)
    await page.goto(course)
    await page.getByRole('button', { name: 'By a form' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/account/sessions')
    assert.match(await page.getByRole('banner').innerText(), /Student One/)
    assert.equal((await site.sessions.get(before))?.endReason, 'replaced_at_login')
    // Its cookie is one of this site’s own pages: the next click finds its person.
    await page.getByRole('link', { name: 'My Account' }).first().click()
    assert.match(await page.getByRole('banner').innerText(), /Student One/)
    assert.deepEqual(complaints, [])
  })

  test('in a frame a new window is offered, and there it leads in', async (t) => {
    const { site, course } = await aCourse(t, chromium)
    const { page } = await site.person()
    await page.goto(course)
    await page.getByRole('button', { name: 'In a frame' }).click()
    const link = page.frameLocator('iframe').getByRole('link', { name: 'Open in a new window' })
    const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
    await opened.getByRole('button', { name: 'Continue' }).click()
    await opened.waitForURL('**/account/sessions')
    assert.match(await opened.getByRole('banner').innerText(), /Student One/)
  })
})

async function sessionIn({ sessions }: Site): Promise<string> {
  const { items } = await sessions.list({})
  return items[0]?.id ?? ''
}

/** A server, and a page of a course at a platform whose site is another one. */
async function aCourse(t: TestContext, chromium: Browser) {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const location = `sqlite:${join(folder, 'server.db')}`
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = { PORT: String(port), SOJOURN_URL: url, SOJOURN_DATABASE: location }
  const site = await aSite(t, chromium, env)
  const key = await aKey('key-1')
  let start = ''

  const platform: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
    const page = (body: string): void => {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><title>Campus</title>${body}`)
    }
    if (pathname === '/keys') {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: [key.public] }))
    } else if (pathname === '/auth') {
      const iat = Math.floor(site.clock.now() / 1_000)
      const said = {
        iss: issuer,
        aud: 'sojourn',
        sub: 'student-1',
        name: 'Student One',
        iat,
        exp: iat + 300,
        nonce: searchParams.get('nonce'),
        [claim('version')]: '1.3.0',
        [claim('message_type')]: 'LtiResourceLinkRequest',
        [claim('deployment_id')]: 'd-1',
        [claim('target_link_uri')]: `${url}/account/sessions`,
      }
      void sign(said, key).then((token) =>
        page(
          `<form method="post" action="${searchParams.get('redirect_uri')}"><input type="hidden" name="id_token" value="${token}"><input type="hidden" name="state" value="${searchParams.get('state')}"><button>Continue</button></form>`,
        ),
      )
    } else {
      const fields = Object.entries({
        iss: issuer,
        login_hint: 'h',
        target_link_uri: `${url}/account/sessions`,
      })
        .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
        .join('')
      page(
        `<form method="post" action="${start}">${fields}<button>By a form</button></form><form method="post" action="${start}" target="inside">${fields}<button>In a frame</button></form><iframe name="inside"></iframe>`,
      )
    }
  })
  platform.listen(0, '127.0.0.1')
  await once(platform, 'listening')
  t.after(() => {
    platform.closeAllConnections()
    platform.close()
  })
  // To a browser `127.0.0.1` is another site than `localhost`.
  const issuer = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`

  const database = await openDatabase(location)
  t.after(() => database.destroy())
  const { id } = await new Integrations(database, site.clock).create({
    kind: 'lti',
    name: 'Campus',
    enabled: true,
    settings: {
      issuer,
      clientId: 'sojourn',
      authorizationEndpoint: `${issuer}/auth`,
      jwksUri: `${issuer}/keys`,
      deploymentIds: ['d-1'],
      targets: ['/account/sessions'],
      sessionLimit: null,
    },
  })
  start = `${url}/login/lti/${id}/start`
  return { site, course: `${issuer}/course` }
}

async function freePort(): Promise<number> {
  const server = createListener().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
