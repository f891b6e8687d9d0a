import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { aFolder } from '../a-server.ts'
import { nodesOf } from '../settings/a-node.ts'
import { follow, path, who, type Made } from './integration-server.ts'

const portal = 'https://portal.example.edu/'

test('what one node changes of an integration, another goes by at the very next sign-in, and its sessions have ended there', async (t) => {
  const nodes = await nodesOf(t, `sqlite:${join(await aFolder(t), 'server.db')}`)
  const [one, other] = [await nodes.start(), await nodes.start()]
  await one.accounts.create({
    email: 'ada@example.com',
    name: 'Ada',
    password: 'correct horse battery',
    roles: ['super-admin'],
  })
  const ada = await one.signedIn('ada@example.com')
  const body = { kind: 'referer', name: 'State Library', settings: { pages: [portal] } }
  const site = (await ada.call('POST', path, body)).json() as Made
  const browser = other.browser()
  assert.equal((await follow(browser, site, portal)).status, 303)
  const moved = { revision: 1, settings: { pages: ['https://new.example.edu'] } }
  assert.equal((await ada.call('POST', `${path}/${site.id}`, moved)).status, 200)
  assert.equal((await follow(other.browser(), site, portal)).status, 403)
  assert.equal((await follow(other.browser(), site, 'https://new.example.edu/')).status, 303)
  assert.equal((await who(browser)).isIn, true)
  const disabled = await ada.call('POST', `${path}/${site.id}`, { revision: 2, enabled: false })
  assert.equal((disabled.json() as { ended: number }).ended, 2)
  assert.equal((await who(browser)).isIn, false)
  assert.equal((await follow(other.browser(), site, 'https://new.example.edu/')).status, 403)
})
