import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { aServer } from '../a-server.ts'
import { until } from '../until.ts'
import { aReceiver } from './receiver.ts'
import { type Deliveries, endOne } from './webhooks-on.ts'

const path = '/api/v1/admin/webhooks'

interface Made {
  readonly webhook: { readonly id: string }
  readonly secret: string
}

async function running(t: TestContext) {
  const server = await aServer(t, { config: { mode: 'demo', webhookNetworks: ['127.0.0.0/8'] } })
  await server.person('root@example.com', { roles: ['super-admin'] })
  await server.person('uma@example.com')
  const root = await server.signedIn('root@example.com')
  const receiver = await aReceiver(t)
  const add = async () =>
    (await root.call('POST', path, { url: receiver.url, events: ['session.ended'] })).json() as Made
  const deliveries = async (id: string) =>
    ((await root.call('GET', `${path}/${id}/deliveries`)).json() as Deliveries).deliveries
  return { server, root, receiver, add, deliveries }
}

test('what is under way to an endpoint when it is disabled is a dead letter, however it ends, and is not tried again', async (t) => {
  const { server, root, receiver, add, deliveries } = await running(t)
  const { webhook } = await add()
  const held: ServerResponse[] = []
  receiver.reply((response) => void held.push(response))
  await endOne(server)
  await until(() => held.length === 1)
  assert.equal((await root.call('POST', `${path}/${webhook.id}/disable`)).status, 204)
  held[0]?.writeHead(500).end()
  const jobs = async () => (await root.call('GET', '/api/v1/admin/jobs')).text
  await until(async () => {
    await root.call('POST', '/api/v1/admin/jobs/delivery/run')
    return (await jobs()) !== ''
  })
  assert.deepEqual(
    (await deliveries(webhook.id)).map(({ state }) => state),
    ['dead'],
  )
  for (let at = 0; at < 20; at++) {
    server.clock.advance(1_000)
    await root.call('POST', '/api/v1/admin/jobs/delivery/run')
  }
  assert.equal(receiver.received.length, 1)
})

test('an Authorization that no header can carry is refused where it is typed in', async (t) => {
  const { root, receiver } = await running(t)
  const caep = { url: receiver.url, format: 'caep', events: ['session.ended'] }
  for (const authorization of ['Bearer gë\u2713', 'Bearer €', 'Bearer \u007f']) {
    const answer = await root.call('POST', path, { ...caep, authorization })
    assert.equal(answer.status, 400, authorization)
  }
  assert.equal((await root.call('POST', path, { ...caep, authorization: 'Bearer a/b+c=' })).status, 201)
})
