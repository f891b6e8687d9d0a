import assert from 'node:assert/strict'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionView } from '../../src/routes/session-view.ts'
import type { Given, RunningTest } from '../a-server.ts'
import { aFolder, aServer, idOf, password } from '../a-server.ts'
import { type Declare, filtered, type OpenGround } from '../admin-api/admin-api.ts'
import type { Browser } from '../browser.ts'
import { textOf } from '../pages/outline.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'
import { until } from '../until.ts'
import { mmdb } from './mmdb-writer.ts'
import { here, inBerlin, inFrance, inGermany, osaka, somePlaces } from './some-places.ts'

const list = '/api/v1/admin/sessions'

/** Signs somebody in from an address, through the proxy that the server trusts. */
export async function from(
  server: RunningTest,
  address: string,
  more: { readonly [name: string]: string } = {},
) {
  const browser = server.browser()
  const answer = await browser.submit(
    '/login',
    { email: 'uma@example.com', password },
    { 'x-forwarded-for': address, ...more },
  )
  assert.equal(answer.status, 303, answer.text)
  // Lists are in the order of beginnings.
  server.clock.advance(1)
  return browser
}

async function placeOf(ada: Browser, id: string) {
  const answer = await ada.call('GET', `${list}/${id}`)
  assert.equal(answer.status, 200, answer.text)
  return (answer.json() as { readonly session: SessionView }).session.place
}

/** What holds for places, on any store and database. */
export function placesOn(test: Declare, name: string, open: OpenGround): void {
  const ground = async (t: Parameters<typeof aServer>[0], given: Given = {}) => {
    const opened = await open(t)
    const env = { ...opened.env, SOJOURN_TRUST_PROXY: '1', ...given.env }
    const server = await aServer(t, { ...opened, ...given, env })
    await server.person('uma@example.com')
    return { server, ada: await aSuperAdmin(server) }
  }
  const withFile = async (t: Parameters<typeof aServer>[0]) => {
    const path = join(await aFolder(t), 'places.mmdb')
    await writeFile(path, somePlaces({ type: 'GeoLite2-City', description: 'of a test' }))
    return { path, ...(await ground(t, { env: { SOJOURN_GEO: path } })) }
  }

  test(`${name}: SLI-21 people and administrators see the place of each session, with whose data it is`, async (t) => {
    const { server, ada } = await withFile(t)
    await from(server, '203.0.113.64')
    await from(server, '192.168.1.7')
    await from(server, '198.51.100.1')
    const uma = await from(server, '2001:db8:5::7')
    const mine = (await uma.call('GET', '/api/v1/sessions')).json() as { sessions: SessionView[] }
    assert.deepEqual(
      mine.sessions.map(({ place }) => place),
      [osaka, null, here, inBerlin],
    )
    const own = textOf((await uma.go('/account/sessions')).text)
    for (const words of ['Osaka, Japan', 'Unknown', 'Local network', 'Berlin, Germany'])
      assert.match(own, new RegExp(`Place ${words}`))
    const note =
      /Places are a hint, as an address has them, by GeoLite2-City \(of a test\), built 21 Sept 2026 \. This product includes GeoLite2 data created by MaxMind/
    assert.match(own, note)
    const all = textOf((await ada.go('/nova/resources/auth-sessions')).text)
    assert.match(all, /203\.0\.113\.64 Berlin, Germany/)
    assert.match(all, note)
    const id = await idOf(uma)
    const detail = textOf((await ada.go(`/nova/resources/auth-sessions/${id}`)).text)
    assert.match(detail, /IP address 2001:db8:5::7 Place Osaka, Japan/)
    assert.match(detail, note)
    assert.deepEqual(await placeOf(ada, id), osaka)
  })

  test(`${name}: SLI-21 an IPv4 address in the clothes of IPv6 is placed as itself, a session without one nowhere`, async (t) => {
    const { server, ada } = await withFile(t)
    const begin = async (ip: string | null) => {
      const request = { ...(ip !== null && { ip }), passive: false }
      return (await server.sessions.start({ subject: 'u-1', request })).session.id
    }
    assert.deepEqual(await placeOf(ada, await begin('::ffff:203.0.113.1')), inGermany)
    assert.deepEqual(await placeOf(ada, await begin('::ffff:10.0.0.1')), here)
    assert.equal(await placeOf(ada, await begin(null)), null)
  })

  test(`${name}: SLI-21 SLI-23 sessions are found, and ended, by the country of their address`, async (t) => {
    const { server, ada } = await withFile(t)
    const berlin = await idOf(await from(server, '203.0.113.64'))
    const germany = await idOf(await from(server, '203.0.113.1'))
    const france = await idOf(await from(server, '203.0.113.200'))
    const local = await idOf(await from(server, '10.0.0.1'))
    const nowhere = await idOf(await from(server, '198.51.100.1'))
    const found = async (filter: string) =>
      (await filtered(ada, `user:uma@example.com ${filter}`)).map(({ id }) => id)
    assert.deepEqual(new Set(await found('country:DE')), new Set([berlin, germany]))
    assert.deepEqual(await found('country:fr'), [france])
    assert.deepEqual(await found('country:local'), [local])
    assert.deepEqual(await found('country:unknown'), [nowhere])
    const text = 'user:uma@example.com country:DE'
    const preview = await ada.call('POST', `${list}/preview`, { filter: text })
    assert.equal((preview.json() as { count: number }).count, 2)
    const ended = await ada.call('POST', `${list}/end`, { filter: text, most: 2 })
    assert.equal((ended.json() as { ended: number }).ended, 2)
    assert.deepEqual(await found('country:DE'), [])
    assert.equal((await found('state:active')).length, 3)
    const wrong = await ada.call('GET', `${list}?filter=country:Germany`)
    assert.equal(wrong.status, 400)
    assert.match(wrong.text, /two letters of a country/)
  })

  test(`${name}: SLI-21 a file that is replaced holds from the next look on, without a restart`, async (t) => {
    const { server, ada, path } = await withFile(t)
    const id = await idOf(await from(server, '203.0.113.64'))
    assert.deepEqual(await placeOf(ada, id), inBerlin)
    const networks = [['203.0.113.0/24', { country: { iso_code: 'FR' } }]] as const
    await writeFile(`${path}.new`, mmdb({ networks }))
    await rename(`${path}.new`, path)
    await until(async () => {
      server.clock.advance(60_000)
      return (await placeOf(ada, id))?.country === 'FR'
    })
    assert.deepEqual(await placeOf(ada, id), inFrance)
  })

  test(`${name}: SLI-21 without a source, local is local, and the rest unknown; a country cannot be searched`, async (t) => {
    const { server, ada } = await ground(t)
    assert.deepEqual(await placeOf(ada, await idOf(await from(server, '10.0.0.1'))), here)
    const uma = await from(server, '203.0.113.64')
    assert.equal(await placeOf(ada, await idOf(uma)), null)
    assert.doesNotMatch((await uma.go('/account/sessions')).text, /Places are a hint/)
    const answer = await ada.call('GET', `${list}?filter=${encodeURIComponent('state:any country:DE')}`)
    assert.equal(answer.status, 400)
    const { at, expected } = answer.json() as { at: number; expected: string }
    assert.equal(at, 10)
    assert.match(expected, /SOJOURN_GEO names none/)
  })

  test(`${name}: SLI-21 a country that the trusted proxy tells is believed, and nobody else's`, async (t) => {
    const { server, ada } = await ground(t, { env: { SOJOURN_GEO: 'header:CF-IPCountry' } })
    const told = (country: string) => ({ 'cf-ipcountry': country })
    const uma = await from(server, '203.0.113.1', told('DE'))
    const id = await idOf(uma)
    assert.deepEqual(await placeOf(ada, id), inGermany)
    for (const [address, country] of [
      ['203.0.113.2', 'XX'],
      ['203.0.113.3', 'T1'],
      ['203.0.113.4', 'DE, US'],
      ['203.0.113.5', '<b>'],
    ] as const)
      assert.equal(await placeOf(ada, await idOf(await from(server, address, told(country)))), null, country)
    assert.deepEqual(await placeOf(ada, await idOf(await from(server, '10.0.0.1', told('DE')))), here)
    // Whoever reaches the server past the proxy says nothing of its address, and is not believed.
    await server.browser().go('/login', told('FR'))
    await server.browser().go('/login', { 'x-forwarded-for': ' ', ...told('FR') })
    assert.deepEqual(await placeOf(ada, id), inGermany)
    assert.match(textOf((await uma.go('/account/sessions')).text), /by the proxy in front of this server/)
  })
}
