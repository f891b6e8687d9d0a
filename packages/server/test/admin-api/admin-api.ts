import assert from 'node:assert/strict'
import type { TestContext, TestFn } from 'node:test'
import type { Store } from 'sojourn'
import type { SessionView } from '../../src/routes/session-view.ts'
import { aServer, idOf, password, type RunningTest } from '../a-server.ts'
import { type Answer, type Browser, iphone } from '../browser.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'

export interface Ground {
  readonly env: { readonly [name: string]: string }
  readonly store: Store
}
export type OpenGround = (t: TestContext) => Promise<Ground>
export type Declare = (name: string, run: TestFn) => void

const minute = 60_000
const list = '/api/v1/admin/sessions'
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'

export async function aGround(t: TestContext, open: OpenGround) {
  const server = await aServer(t, {
    ...(await open(t)),
    config: { policy: { idleTimeout: '2h', touchEvery: '0s' } },
  })
  return { server, ada: await aSuperAdmin(server) }
}

export async function filtered(browser: Browser, filter: string, more = ''): Promise<readonly SessionView[]> {
  const answer = await browser.call('GET', `${list}?filter=${encodeURIComponent(filter)}&limit=100${more}`)
  assert.equal(answer.status, 200, answer.text)
  return (answer.json() as { sessions: SessionView[] }).sessions
}

async function begin(
  server: RunningTest,
  subject: string,
  over: { ip?: string; userAgent?: string; method?: string },
) {
  const { ip = '192.0.2.1', userAgent = windows, method = 'password' } = over
  const { session } = await server.sessions.start({
    subject,
    method,
    request: { ip, userAgent, passive: false },
  })
  server.clock.advance(1)
  return session.id
}

/** What holds for filters and for ends by them, on any store. */
export function adminSessionsOn(test: Declare, name: string, open: OpenGround): void {
  test(`${name}: SLI-23 P-12 the list is filtered by who, where, what, how, why and when, in pages`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const uma = await server.person('uma@example.com')
    const near = await begin(server, uma.id, { ip: '10.1.2.3' })
    const far = await begin(server, uma.id, { ip: '203.0.113.9', userAgent: iphone, method: 'passkey' })
    const six = await begin(server, 'u-42', { ip: '2001:db8::7' })
    const found = async (filter: string) => (await filtered(ada, filter)).map(({ id }) => id)
    assert.deepEqual(await found('user:uma@example.com'), [far, near])
    assert.deepEqual(await found('user:u-42'), [six])
    assert.deepEqual(await found('user:nobody@example.com'), [])
    assert.deepEqual(await found('ip:10.0.0.0/8'), [near])
    assert.deepEqual(await found('ip:203.0.113.9'), [far])
    assert.deepEqual(await found('ip:2001:db8::/32'), [six])
    assert.deepEqual(await found('device.os:windows'), [six, near])
    assert.deepEqual(await found('device.type:mobile method:passkey'), [far])
    assert.deepEqual(await found(`user:"${uma.id}" device.os:iOS state:active`), [far])
    const before = new Date(server.clock.now()).toISOString()
    server.clock.advance(30 * minute)
    await ada.go('/account')
    await server.sessions.flush()
    assert.deepEqual(await found('lastSeen<now-29m'), [six, far, near])
    assert.deepEqual(await found('lastSeen<now-31m'), [])
    await server.sessions.end({ id: near }, 'admin_revoked')
    assert.deepEqual(await found('reason:admin_revoked'), [near])
    assert.deepEqual(await found('state:ended ended>now-1m'), [near])
    assert.deepEqual(await found('user:uma@example.com'), [far])
    const late = await begin(server, uma.id, {})
    assert.deepEqual(await found(`user:uma@example.com as_of:${before}`), [far, near])
    assert.deepEqual(await found('user:uma@example.com'), [late, far])

    const ids = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `filter=${encodeURIComponent('device.os:windows state:any')}&limit=1&cursor=${encodeURIComponent(cursor)}`
      const page = (await ada.call('GET', `${list}?${query}`)).json() as {
        sessions: SessionView[]
        cursor: string | null
      }
      ids.push(...page.sessions.map(({ id }) => id))
      assert.ok(ids.length <= 3, 'a page shows what was shown before')
      cursor = page.cursor
    }
    assert.deepEqual(ids, [late, six, near])
  })

  test(`${name}: a filter that does not read is a 400 with its place, and ends nobody`, async (t) => {
    const { server, ada } = await aGround(t, open)
    await begin(server, 'u-1', {})
    const fault = { error: 'invalid_filter', at: 9, got: 'stat' }
    const text = 'user:u-1 stat:dead'
    const answers: readonly Answer[] = [
      await ada.call('GET', `${list}?filter=${encodeURIComponent(text)}`),
      await ada.call('POST', `${list}/preview`, { filter: text }),
      await ada.call('POST', `${list}/end`, { filter: text, most: 10 }),
    ]
    for (const answer of answers) {
      assert.equal(answer.status, 400)
      assert.partialDeepStrictEqual(answer.json(), fault)
    }
    for (const bad of [
      { filter: 'user:u-1' },
      { filter: '', most: 10 },
      { filter: '  ', most: 10 },
      { filter: 'user:u-1', most: 0 },
      { filter: 'user:u-1', most: 10_001 },
      { filter: 'user:u-1', most: 5, all: true },
      { filter: 'user:u-1 as_of:2026-01-01T00:00Z', most: 5 },
      { note: 'everybody?' },
      { all: true, note: 'two\nlines' },
    ])
      assert.equal((await ada.call('POST', `${list}/end`, bad)).status, 400, JSON.stringify(bad))
    for (const bad of [
      'filter=user:a&state=any',
      'filter=user:a&cursor=x',
      'filter=role:a&cursor=x',
      'filter=&limit=0',
    ])
      assert.equal((await ada.call('GET', `${list}?${bad}`)).status, 400, bad)
    assert.equal((await filtered(ada, 'user:u-1')).length, 1)
  })

  test(`${name}: R-23 P-11 many are ended by a filter: counted first, never more than expected, with author, note and reason`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const admin = await server.accounts.findByEmail('ada@example.com')
    await server.person('uma@example.com')
    const uma = await server.signedIn('uma@example.com')
    const own = await idOf(ada)
    for (let i = 0; i < 4; i++) await begin(server, `u-${i % 2}`, { ip: `10.0.0.${i}` })
    const other = await begin(server, 'u-0', { ip: '11.0.0.1' })
    const filter = 'ip:10.0.0.0/8'
    const count = async (body: object) => (await ada.call('POST', `${list}/preview`, body)).json()
    assert.deepEqual(await count({ filter }), { count: 4, people: 2, complete: true })
    await begin(server, 'u-9', { ip: '10.9.9.9' })
    const refused = await ada.call('POST', `${list}/end`, { filter, most: 4 })
    assert.equal(refused.status, 409)
    assert.partialDeepStrictEqual(refused.json(), { error: 'too_many_match', count: 5 })
    assert.equal((await filtered(ada, filter)).length, 5, 'none was ended')
    const ended = await ada.call('POST', `${list}/end`, { filter, most: 5, note: 'the lab is closed' })
    assert.deepEqual(ended.json(), { ended: 5, matched: 5 })
    for (const one of await filtered(ada, `${filter} state:ended`))
      assert.deepEqual([one.end_reason, one.ended_by], ['bulk_revoked', admin?.id])
    assert.equal((await server.sessions.get(other))?.endedAt, null)
    const line = server.lines.find((one) => one.includes('sessions.revoked')) ?? ''
    assert.partialDeepStrictEqual(JSON.parse(line), {
      by: admin?.id,
      note: 'the lab is closed',
      count: 5,
      filter,
    })
    // Whoever is signed in by one is told the reason.
    const all = { filter: 'state:active method:password', except: 'current' }
    assert.partialDeepStrictEqual(await count(all), { count: 2 })
    assert.deepEqual((await ada.call('POST', `${list}/end`, { ...all, most: 2 })).json(), {
      ended: 2,
      matched: 2,
    })
    assert.partialDeepStrictEqual((await uma.call('GET', '/api/v1/sessions')).json(), {
      reason: 'bulk_revoked',
    })
    assert.equal((await server.sessions.get(own))?.endedAt, null, 'its own was spared')
    await server.signedIn('uma@example.com')
    const named = {
      subject: (await server.accounts.findByEmail('uma@example.com'))?.id,
      note: 'asked for it',
    }
    assert.deepEqual((await ada.call('POST', `${list}/end`, named)).json(), { ended: 1 })
    assert.ok(server.lines.some((one) => one.includes('asked for it')))
    assert.equal((await ada.submit('/login', { email: 'ada@example.com', password })).status, 303)
  })

  test(`${name}: who is seen between the count and the end is spared by lastSeen`, async (t) => {
    const { server, ada } = await aGround(t, open)
    await server.person('uma@example.com')
    const uma = await server.signedIn('uma@example.com')
    const idle = await begin(server, 'u-1', {})
    server.clock.advance(31 * minute)
    await ada.go('/account')
    const filter = 'lastSeen<now-30m role:"user"'
    const wide = 'lastSeen<now-30m'
    assert.partialDeepStrictEqual((await ada.call('POST', `${list}/preview`, { filter: wide })).json(), {
      count: 2,
    })
    await uma.go('/account')
    assert.deepEqual((await ada.call('POST', `${list}/end`, { filter, most: 9 })).json(), {
      ended: 0,
      matched: 0,
    })
    assert.deepEqual((await ada.call('POST', `${list}/end`, { filter: wide, most: 9 })).json(), {
      ended: 1,
      matched: 1,
    })
    assert.equal((await server.sessions.get(idle))?.endReason, 'bulk_revoked')
    assert.equal((await uma.call('GET', '/api/v1/sessions')).status, 200)
  })

  test(`${name}: SLI-18 a session is shown with its links, what was done in it, and the policy that holds for it`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const uma = await server.person('uma@example.com')
    const top = await begin(server, uma.id, {})
    const start = async (parent: string, app: string) =>
      (await server.sessions.start({ subject: uma.id, method: 'password', parent, app })).session.id
    const middle = await start(top, 'shop')
    const leaf = await start(middle, 'till')
    await server.sessions.activities.add(middle, { kind: 'page_view', name: '/cart' })
    const answer = await ada.call('GET', `${list}/${middle}`)
    const detail = answer.json() as {
      links: { above: SessionView[]; below: SessionView[]; complete: boolean }
      activities: { name: string }[]
      policy: { values: { option: string; value: string; source: object }[] }
    }
    assert.deepEqual(
      detail.links.above.map(({ id }) => id),
      [top],
    )
    assert.deepEqual(
      detail.links.below.map(({ id }) => id),
      [leaf],
    )
    assert.equal(detail.links.complete, true)
    assert.deepEqual(
      detail.activities.map((one) => one.name),
      ['/cart'],
    )
    const idle = detail.policy.values.find(({ option }) => option === 'idleTimeout')
    assert.deepEqual([idle?.value, idle?.source], ['2h', { layer: 'install', revision: null }])
    const page = await ada.go(`/nova/resources/auth-sessions/${middle}`)
    for (const id of [top, leaf])
      assert.ok(page.text.includes(`href="/nova/resources/auth-sessions/${id}"`), id)
    assert.ok(page.text.includes(`/nova/policies/effective?session=${middle}`))
    await server.sessions.end({ id: top }, 'admin_revoked')
    assert.partialDeepStrictEqual((await ada.call('GET', `${list}/${leaf}`)).json(), {
      session: { end_reason: 'admin_revoked' },
      trace: null,
    })
  })
}
