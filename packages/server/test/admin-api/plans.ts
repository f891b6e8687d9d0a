import assert from 'node:assert/strict'
import { planLasts } from '../../src/plans/plan.ts'
import type { Answer, Browser } from '../browser.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'
import { password } from '../a-server.ts'
import { aGround, type Declare, type OpenGround } from './admin-api.ts'

interface Tried {
  readonly affected: number
  readonly people: number
  readonly reasons: { readonly [reason: string]: number }
  readonly spared: number
  readonly sample: readonly { readonly id: string; readonly rule: string }[]
  readonly plan: string
  readonly expires_at: number
}

const minute = 60_000
const at = '/api/v1/admin/policies'
const tighter = { kind: 'install', set: { idleTimeout: '30m' } } as const

async function tried(browser: Browser, body: object = tighter): Promise<Tried> {
  const answer = await browser.call('POST', `${at}/dry-run`, body)
  assert.equal(answer.status, 200, answer.text)
  return answer.json() as Tried
}

function apply(browser: Browser, plan: string, more: object = {}): Promise<Answer> {
  return browser.call('POST', `${at}/apply`, { plan, ...more })
}

/** What holds for plans, in any database and on any store. */
export function plansOn(test: Declare, name: string, open: OpenGround): void {
  test(`${name}: P-11 a policy is tried before it holds, and its plan applied, with author and note`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const admin = await server.accounts.findByEmail('ada@example.com')
    const uma = await server.person('uma@example.com')
    const there = await server.signedIn('uma@example.com')
    server.clock.advance(31 * minute)
    await server.signedIn('uma@example.com')
    await ada.submit('/login', { email: 'ada@example.com', password })
    const { affected, people, reasons, spared, sample, plan, expires_at } = await tried(ada)
    assert.deepEqual([affected, people, reasons, spared], [1, 1, { idle_timeout: 1 }, 2])
    assert.equal(sample[0]?.rule, 'idle-timeout')
    assert.equal(expires_at, server.clock.now() + planLasts)
    assert.equal(server.sessions.policy.idleTimeout, 120 * minute, 'nothing has changed')
    const applied = await apply(ada, plan, { note: 'shorter', standing: 'end' })
    assert.deepEqual(applied.json(), {
      revision: 1,
      changes: [{ option: 'idleTimeout', before: null, after: '30m' }],
      ended: 1,
    })
    assert.equal(server.sessions.policy.idleTimeout, 30 * minute)
    assert.partialDeepStrictEqual((await there.call('GET', '/api/v1/sessions')).json(), {
      reason: 'policy_changed',
    })
    assert.partialDeepStrictEqual((await ada.call('GET', '/api/v1/admin/settings/history')).json(), {
      revisions: [{ revision: 1, by: admin?.id, note: 'shorter' }],
    })
    const again = await apply(ada, plan)
    assert.equal(again.status, 409)
    assert.partialDeepStrictEqual(again.json(), { error: 'changed_since', since: [{ revision: 1 }] })
    assert.equal((await server.sessions.list({ subject: uma.id })).items.length, 1)
  })

  test(`${name}: a plan is good for fifteen minutes, and refused one millisecond later`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const { plan } = await tried(ada)
    server.clock.advance(planLasts + 1)
    await ada.submit('/login', { email: 'ada@example.com', password })
    const expired = await apply(ada, plan)
    assert.equal(expired.status, 409)
    assert.partialDeepStrictEqual(expired.json(), { error: 'plan_expired' })
    const fresh = await tried(ada)
    server.clock.advance(planLasts)
    await ada.submit('/login', { email: 'ada@example.com', password })
    assert.equal((await apply(ada, fresh.plan)).status, 200)
  })

  test(`${name}: a plan is refused once any layer of the policy has changed, and one that was forged at any place`, async (t) => {
    const { server, ada } = await aGround(t, open)
    const { plan } = await tried(ada)
    const [payload = '', mac = ''] = plan.split('.')
    const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
    const written = (over: object) => Buffer.from(JSON.stringify({ ...read, ...over })).toString('base64url')
    const forged = [
      `${written({ values: [['idleTimeout', '"90d"']] })}.${mac}`,
      `${written({ expiresAt: Number.MAX_SAFE_INTEGER })}.${mac}`,
      `${payload}.${mac.slice(0, -1)}${mac.endsWith('A') ? 'B' : 'A'}`,
      `${payload}.`,
      payload,
      `${plan}.x`,
      '',
      '.',
      'x.y',
    ]
    for (const one of forged) {
      const refused = await apply(ada, one)
      assert.equal(refused.status, 400, one)
      assert.partialDeepStrictEqual(refused.json(), { error: 'plan_forged' })
    }
    const other = '/api/v1/admin/settings/layer?kind=role&name=clerk'
    assert.equal((await ada.call('POST', other, { revision: 0, set: { limit: 1 } })).status, 200)
    const late = await apply(ada, plan)
    assert.equal(late.status, 409)
    assert.partialDeepStrictEqual(late.json(), {
      error: 'changed_since',
      since: [{ kind: 'role', name: 'clerk' }],
    })
    assert.equal(server.sessions.policy.idleTimeout, 120 * minute)
    assert.equal((await apply(ada, (await tried(ada)).plan)).status, 200)
  })

  test(`${name}: what could not be set is not tried, and only who has just signed in applies`, async (t) => {
    const { server, ada } = await aGround(t, open)
    for (const [body, error] of [
      [{ kind: 'install', set: { idleTimeout: '1s' } }, 'invalid_setting'],
      [{ kind: 'install', set: { cookieName: 'x' } }, 'invalid_setting'],
      [{ kind: 'install', set: { limit: 0 } }, 'invalid_setting'],
      [{ kind: 'subject', name: 'x', set: { limit: 1 } }, 'invalid_request'],
      [{ kind: 'role', name: '', set: { limit: 1 } }, 'invalid_request'],
      [{ kind: 'install', policy: {} }, 'invalid_request'],
    ] as const) {
      const refused = await ada.call('POST', `${at}/dry-run`, body)
      assert.equal(refused.status, 400, JSON.stringify(body))
      assert.partialDeepStrictEqual(refused.json(), { error })
    }
    assert.equal((await ada.call('POST', `${at}/dry-run`, { kind: 'install' })).status, 409)
    const { plan } = await tried(ada)
    server.clock.advance(10 * minute + 1)
    assert.equal((await apply(ada, plan)).status, 401)
    const zoe = await aSuperAdmin(server, 'zoe@example.com')
    assert.equal((await apply(zoe, plan)).status, 200, 'another one may')
    const line = server.lines.find((one) => one.includes('policy.applied')) ?? ''
    const { by, planned_by } = JSON.parse(line) as { by: string; planned_by: string }
    assert.notEqual(by, planned_by)
  })

  test(`${name}: P-13 a dry run over many tells as it goes on, a line at a time`, async (t) => {
    const { server, ada } = await aGround(t, open)
    for (let i = 0; i < 1_005; i++) await server.sessions.start({ subject: `u-${i % 7}`, method: 'password' })
    server.clock.advance(31 * minute)
    const headers = { accept: 'application/x-ndjson' }
    const answer = await ada.call('POST', `${at}/dry-run`, tighter, headers)
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.deepEqual(lines.slice(0, -1), [{ judged: 1_000 }, { judged: 1_006 }])
    const { affected, people, sample } = (lines.at(-1) ?? {})['result'] as Tried
    assert.deepEqual([affected, people, sample.length], [1_005, 7, 20])
  })
}
