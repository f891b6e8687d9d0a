import assert from 'node:assert/strict'
import test from 'node:test'
import { createSessions } from '../../src/create-sessions.ts'
import { withSessions } from '../../src/adapters/fetch.ts'
import { memory } from '../../src/stores/memory.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { minute } from '../../src/testing/fixtures.ts'

const [old, young] = ['an old secret of more than 32 characters', 'a new secret of more than 32 characters']

test('JAD-31 R-75 a name that is derived from the secret survives the rotation of the secret', async () => {
  const store = memory()
  const policy = { extends: 'jadu', fingerprint: 'none' } as const
  const ask = (secret: string | string[], cookie?: string) => {
    const auth = createSessions({ store, policy, secret, sweepEvery: null })
    const handler = withSessions(auth, async (request, visit) => {
      if (request.method === 'POST') await visit.login('u-1')
      return new Response(visit.subject)
    })
    const method = cookie === undefined ? 'POST' : 'GET'
    return handler(
      new Request('https://app.example/', { method, headers: cookie === undefined ? {} : { cookie } }),
    )
  }
  const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''

  const first = cookieOf(await ask(old))
  const renamed = await ask([young, old], first)
  assert.equal(await renamed.text(), 'u-1')
  const second = cookieOf(renamed)
  assert.notEqual(second.split('=')[0], first.split('=')[0])
  assert.equal(second.split('=')[1], first.split('=')[1])

  const again = await ask([young, old], second)
  assert.equal(await again.text(), 'u-1')
  assert.deepEqual(again.headers.getSetCookie(), [])
})

test('A-04 a request under way with the former name and a replaced token leaves the newer cookie alone', async () => {
  const clock = new FakeClock()
  const policy = { extends: 'jadu', fingerprint: 'none', regenerateEvery: '5m' } as const
  const options = { store: memory(), policy, sweepEvery: null, clock }
  const before = createSessions({ ...options, secret: old })
  const { token } = await before.start({ subject: 'u-1' })
  const auth = createSessions({ ...options, secret: [young, old] })
  const handler = withSessions(auth, async (_, visit) => new Response(visit.subject))
  const ask = async (name: string, value: string) => {
    const response = await handler(
      new Request('https://app.example/', { headers: { cookie: `${name}=${value}` } }),
    )
    assert.equal(await response.text(), 'u-1')
    return response.headers.getSetCookie()
  }
  clock.advance(6 * minute)
  const [set = ''] = await ask(before.web.cookie, token.reveal())
  const next = set.split(';')[0]?.split('=')[1] ?? ''
  assert.notEqual(next, token.reveal())
  await ask(auth.web.cookie, next)
  clock.advance(0)
  assert.deepEqual(await ask(before.web.cookie, token.reveal()), [])
})
