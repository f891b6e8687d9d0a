import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, password } from './a-server.ts'
import { failingStore } from './failing-store.ts'

test('R-73 A-30 P-23 while the store is down nobody is let in as anybody, and after it all goes on by itself', async (t) => {
  const { store, state } = failingStore()
  const server = await aServer(t, { store })
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  state.down = true
  for (const answer of [
    await browser.go('/account/sessions'),
    await browser.call('GET', '/api/v1/sessions'),
    await browser.call('GET', '/api/v1/session'),
    await browser.submit('/logout'),
    await server.browser().submit('/login', { email: 'uma@example.com', password }),
    await server.browser().submit('/signup', { email: 'zoe@example.com', name: 'Zoe', password }),
  ]) {
    assert.equal(answer.status, 503)
    assert.equal(answer.headers['retry-after'], '5')
    assert.equal(answer.headers['set-cookie'], undefined)
    assert.ok(!/10\.0\.0\.7|\.ts/.test(answer.text))
  }
  const ready = await browser.go('/readyz')
  assert.equal(ready.status, 503)
  assert.deepEqual(ready.json(), {
    status: 'unavailable',
    store: false,
    storeName: 'memory',
    database: true,
  })
  assert.equal((await browser.go('/healthz')).status, 200)
  state.down = false
  assert.equal((await browser.go('/account/sessions')).status, 200)
  assert.deepEqual((await browser.go('/readyz')).json(), {
    status: 'ok',
    store: true,
    storeName: 'memory',
    database: true,
  })
})

test('a store that does not answer is not waited for longer than the policy says', async (t) => {
  const { store } = failingStore()
  const silent = new Proxy(store, {
    get: (target, name, self) =>
      name === 'find' ? () => new Promise(() => {}) : (Reflect.get(target, name, self) as unknown),
  })
  const server = await aServer(t, { store: silent })
  const waiting = server.browser().go('/readyz')
  const tick = setInterval(() => server.clock.advance(1_000), 10)
  t.after(() => clearInterval(tick))
  assert.equal((await waiting).status, 503)
})
