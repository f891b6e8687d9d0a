import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ActivityRule } from '../../src/core/activity.ts'
import { activityIn } from '../../src/web/activity.ts'
import { AnExchange } from './an-exchange.ts'

const rules: readonly ActivityRule[] = [
  { path: '/health', as: 'ignored' },
  { path: '/api/poll*', as: 'passive' },
  { path: '/page', method: 'HEAD', as: 'active' },
]

test('P-15 each sign of a request is read from its own header', () => {
  const classes = (headers: { [name: string]: string }): string => activityIn(new AnExchange(headers), [])
  assert.equal(classes({}), 'active')
  assert.equal(classes({ 'sec-fetch-dest': 'document' }), 'active')
  assert.equal(classes({ 'sec-fetch-dest': 'image' }), 'passive')
  assert.equal(classes({ 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }), 'active')
  assert.equal(classes({ 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'no-cors' }), 'passive')
  assert.equal(classes({ 'sec-purpose': 'prefetch;prerender' }), 'passive')
  assert.equal(classes({ 'x-session-activity': 'passive' }), 'passive')
  assert.equal(classes({ 'x-session-activity': 'active', 'sec-fetch-dest': 'image' }), 'active')
})

test('P-15 A-31 a rule matches the path alone, as the router sees it', () => {
  const at = (url: string, method = 'GET'): string =>
    activityIn(new AnExchange({}, { method, url: `https://app.example${url}` }), rules)
  assert.equal(at('/health'), 'ignored')
  assert.equal(at('/health?full=1'), 'ignored')
  assert.equal(at('/account?next=/health'), 'active')
  assert.equal(at('/health/../account'), 'active')
  assert.equal(at('/api/poll/7?since=1'), 'passive')
  assert.equal(at('/page', 'HEAD'), 'active')
  assert.equal(at('/other', 'HEAD'), 'passive')
})
