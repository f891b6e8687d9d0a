import assert from 'node:assert/strict'
import { test } from 'node:test'
import { save } from '../settings/a-settings-page.ts'
import { anIntegrationServer, follow, recordOf, who } from './integration-server.ts'

const portal = 'https://portal.example.edu/'

test('SLI-11 SLI-12 SLI-14 SLI-15 what an administrator gives an account that an integration made prevails over everybody’s, and without it that holds', async (t) => {
  const server = await anIntegrationServer(t)
  const site = await server.site({ sessionLimit: 2 })
  const live = async (count: number): Promise<number> => {
    const browsers = Array.from({ length: count }, () => server.browser())
    for (const browser of browsers) {
      await follow(browser, site, portal)
      server.clock.advance(1_000)
    }
    let isIn = 0
    for (const browser of browsers) if ((await who(browser)).isIn) isIn++
    return isIn
  }
  assert.equal(await live(4), 2)
  const browser = server.browser()
  await follow(browser, site, portal)
  const { subject } = await recordOf(server, browser)
  await save(server.ada, '/nova/settings/users', { limit: '1' })
  assert.equal(await live(4), 2, 'the limit of everybody is none of theirs')
  await save(server.ada, `/nova/resources/users/${subject}/limit`, { limit: '3' })
  assert.equal(await live(4), 3)
  await save(server.ada, `/nova/resources/users/${subject}/limit`, { limit: '' })
  assert.equal(await live(4), 1, 'without one of their own, that of everybody')
})
