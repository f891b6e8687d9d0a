import assert from 'node:assert/strict'
import { test } from 'node:test'
import { site, whyFailed } from '../round-trips/from-elsewhere.ts'
import { anLtiServer, claim } from './fake-platform.ts'

test('A-20 R-46 a launch leads to a path that the integration allows, and nowhere else', async (t) => {
  const server = await anLtiServer(t)
  const lead = async (target: string): Promise<string | undefined> => {
    const claims = { [claim('target_link_uri')]: target }
    const { status, location } = await server.launch(server.browser(), { claims })
    return status === 303 ? location : undefined
  }
  assert.equal(await lead(`${site}/account/sessions?x=1`), '/account/sessions?x=1')
  for (const start of ['', site, `${site}/`, `${site}/login/lti/${server.id}/launch`])
    assert.equal(await lead(start), '/')
  for (const evil of [
    'https://evil.example/account/sessions',
    `${site}@evil.example/account/x`,
    `${site}.evil.example/account/x`,
    '//evil.example/account/x',
    '/account/sessions',
    `${site}//evil.example/account/x`,
    `${site}/account/../nova`,
    `${site}/account/..%2fnova/..\\x`,
    `http://uma:x@localhost:4321/account/x`,
    'javascript:alert(1)',
    `${site}/logout`,
    `${site}/accounts`,
    'http://localhost:4322/account/x',
  ]) {
    const to = await lead(evil)
    assert.ok(to === undefined || to.startsWith('/account/'), `${evil} leads to ${to}`)
  }
  for (const target_link_uri of ['https://evil.example/', `${site}/nova`]) {
    assert.equal((await server.begin(server.browser(), { target_link_uri })).status, 403)
    assert.equal(whyFailed(server), 'lti: target')
  }
})
