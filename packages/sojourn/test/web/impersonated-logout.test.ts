import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withSessions } from '../../src/adapters/fetch.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'

test('A-25 who acts as another leaves that session alone, and the other stays signed in everywhere', async () => {
  const auth = createSessions({ store: memory(), sweepEvery: null })
  const theirs = await auth.start({ subject: 'u-1', remember: true })
  const admin = await auth.start({ subject: 'admin' })
  const acting = await auth.impersonate(admin.session.id, { subject: 'u-1', roles: [], mayActAs: () => true })
  assert.ok(acting.state === 'started')
  const { session, token } = acting.started
  const seen: (string | null)[][] = []
  const handler = withSessions(auth, async (_request, visit) => {
    seen.push([visit.actor, visit.subject])
    await visit.logout({ everywhere: true })
    return new Response('out')
  })
  const origin = 'https://app.example'
  const cookie = `${auth.web.cookie}=${token.reveal()}`
  await handler(new Request(origin, { method: 'POST', headers: { cookie, origin } }))

  await handler(new Request(origin))
  assert.deepEqual(
    seen,
    [
      ['admin', 'u-1'],
      [null, null],
    ],
    'who acts, and as whom',
  )
  assert.equal((await auth.get(theirs.session.id))?.endedAt, null)
  assert.notEqual((await auth.get(theirs.session.id))?.rememberedUntil, null)
  const left = await auth.get(session.id)
  assert.deepEqual([left?.endReason, left?.endedBy], ['user_logout', 'admin'])
})
