import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { day, hour } from '../../src/core/duration.ts'
import type { RequestFacts } from '../../src/core/session.ts'
import { anEngine, browser, stores } from './an-engine.ts'

const here: RequestFacts = { userAgent: browser, ip: '203.0.113.7', passive: false }

for (const [name, open] of stores)
  describe(`forgetting a device on ${name}`, () => {
    const engineOf = () => anEngine({ store: open(), policy: 'stay-logged-in' })

    test('SLI-36 R-19 a refresh token logs its device out, and no other', async () => {
      const { engine, login, clock, state } = engineOf()
      const [first, other] = [await login('u-1', { remember: true }), await login('u-1', { remember: true })]
      clock.advance(2 * hour + 1)
      const second = await engine.restore(first.refresh?.reveal() ?? '', here)
      assert.ok(second.state === 'restored')
      const { token, refresh } = second.started
      const ended = await engine.forgetDevice(first.refresh?.reveal() ?? '')
      assert.deepEqual(
        ended.map(({ id, endReason, endedBy }) => [id, endReason, endedBy]),
        [[second.started.session.id, 'user_logout', 'u-1']],
      )
      assert.equal(await state({ token }), 'user_logout')
      for (const spent of [refresh, first.refresh])
        assert.equal((await engine.restore(spent?.reveal() ?? '', here)).state, 'none')
      assert.equal((await engine.restore(other.refresh?.reveal() ?? '', here)).state, 'restored')
    })

    test('A-32 what is no refresh token, or one no longer, logs nobody out', async () => {
      const { engine, login, clock, state } = engineOf()
      const first = await login('u-1', { remember: true })
      const [id = '', secret = ''] = (first.refresh?.reveal() ?? '').split('.')
      for (const text of ['', 'x', id, `${id}.${'A'.repeat(secret.length)}`, first.token.reveal()])
        assert.deepEqual(await engine.forgetDevice(text), [], text)
      assert.equal(await state(first), 'active')
      const { refresh } = await login('u-2', { remember: true })
      clock.advance(30 * day + 1)
      assert.deepEqual(await engine.forgetDevice(refresh?.reveal() ?? ''), [])
    })
  })
