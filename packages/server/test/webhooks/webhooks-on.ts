import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { TestContext } from 'node:test'
import type { Store } from 'sojourn'
import { aServer, password, type RunningTest } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { until } from '../until.ts'
import { aReceiver, type Received } from './receiver.ts'

type Test = (name: string, run: (t: TestContext) => Promise<void>) => void
type Open = () => Promise<{ readonly env: { readonly [name: string]: string }; readonly store?: Store }>

interface Added {
  readonly webhook: { readonly id: string }
  readonly secret: string
}

const minute = 60_000
const day = 24 * 60 * minute
const path = '/api/v1/admin/webhooks'

/** What holds of webhooks over real HTTP, on a database and a session store. */
export function webhooksOn(test: Test, where: string, open: Open): void {
  async function running(t: TestContext) {
    const { env, store } = await open()
    const config = { mode: 'demo', webhookNetworks: ['127.0.0.0/8'] } as const
    const server = await aServer(t, { env, config, ...(store && { store }) })
    await server.person('root@example.com', { roles: ['super-admin'] })
    await server.person('uma@example.com')
    const root = await server.signedIn('root@example.com')
    const receiver = await aReceiver(t)
    const add = async (more: object = {}): Promise<Added> => {
      const answer = await root.call('POST', path, { url: receiver.url, ...more })
      assert.equal(answer.status, 201, answer.text)
      return answer.json() as Added
    }
    const deliveries = async (id: string) =>
      ((await root.call('GET', `${path}/${id}/deliveries`)).json() as Deliveries).deliveries
    return { server, root, receiver, add, deliveries }
  }

  test(`an end is sent with its reason, signed by Standard Webhooks, and with nothing that opens a session: ${where}`, async (t) => {
    const { server, root, receiver, add, deliveries } = await running(t)
    const { webhook, secret } = await add({ events: ['session.started', 'session.ended', 'login.refused'] })
    assert.match(secret, /^whsec_[\w+/]{43}=$/)
    const uma = await server.signedIn('uma@example.com')
    const { id } = (await uma.call('GET', '/api/v1/session')).json() as { readonly id: string }
    const [name, token = ''] = uma.cookie.split('=')
    await uma.submit('/logout')
    await until(() => receiver.received.length === 2)
    const [begun, ended] = receiver.received
    assert.ok(begun && ended)
    assert.equal(begun.json().type, 'session.started')
    assert.equal(begun.json().data['session'], id)
    const { type, timestamp, data } = ended.json()
    assert.equal(type, 'session.ended')
    assert.equal(timestamp, new Date(server.clock.now()).toISOString())
    assert.equal(data['reason'], 'user_logout')
    assert.equal(data['session'], id)
    assert.deepEqual(Object.keys(data).toSorted(), [
      'ended_at',
      'ended_by',
      'method',
      'reason',
      'session',
      'started_at',
      'subject',
    ])
    assert.ok(name && token.length > 60)
    const hidden = token.split('.').at(-1) ?? ''
    for (const one of receiver.received)
      assert.ok(!`${one.body}${JSON.stringify(one.headers)}`.includes(hidden))
    verifySignature(ended, [secret])
    const listed = await until(async () =>
      (await deliveries(webhook.id)).every((one) => one.state === 'delivered'),
    )
    assert.equal(listed, undefined)
    for (const at of ['', `/${webhook.id}`]) {
      const { text } = await root.call('GET', `${path}${at}`)
      assert.ok(text.includes(receiver.url) && !text.includes(secret.slice(6)))
    }
    assert.ok(!server.lines.some((line) => line.includes(secret.slice(6))))
  })

  test(`what fails is tried again, later and later, under the same id, and in the order of its session: ${where}`, async (t) => {
    const { server, receiver, add, deliveries } = await running(t)
    const { webhook } = await add({ events: ['session.started', 'session.ended'] })
    receiver.reply((response) => void response.writeHead(500).end('a secret of theirs'))
    const uma = await server.signedIn('uma@example.com')
    await until(() => receiver.received.length === 1)
    await uma.submit('/logout')
    const failed = async () => (await deliveries(webhook.id)).find(({ type }) => type === 'session.started')
    await until(async () => (await failed())?.attempts === 1)
    const one = await failed()
    assert.equal(one?.last_error, 'status_500')
    const waits = (one.next_at ?? 0) - server.clock.now()
    assert.ok(waits >= 2_500 && waits <= 5_000, `${waits}`)
    receiver.reply((response) => void response.writeHead(200).end())
    await untilSent(server, () => receiver.received.length === 3)
    assert.deepEqual(
      receiver.received.map((got) => got.json().type),
      ['session.started', 'session.started', 'session.ended'],
    )
    const [first, second] = receiver.received
    assert.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
    assert.notEqual(first?.headers['webhook-timestamp'], second?.headers['webhook-timestamp'])
  })

  test(`what cannot be delivered is a dead letter after three days, and is sent again when somebody says so: ${where}`, async (t) => {
    const { server, root, receiver, add, deliveries } = await running(t)
    const { webhook } = await add()
    receiver.reply((response) => void response.writeHead(503).end())
    await endOne(server)
    await until(() => receiver.received.length === 1)
    await until(async () => (await deliveries(webhook.id))[0]?.attempts === 1)
    server.clock.advance(3 * day)
    const again = await server.signedIn('root@example.com')
    const deadLetters = async () =>
      ((await again.call('GET', '/api/v1/admin/dead-letters')).json() as Deliveries).deliveries
    await untilSent(server, async () => (await deadLetters()).length === 1)
    const [dead] = await deadLetters()
    assert.equal(dead?.type, 'session.ended')
    assert.equal(dead.last_error, 'status_503')
    const sent = () => receiver.received.filter(({ headers }) => headers['webhook-id'] === dead.event).length
    const before = sent()
    receiver.reply((response) => void response.writeHead(200).end())
    const replayed = await again.call('POST', `${path}/${webhook.id}/replay`, {})
    assert.deepEqual(replayed.json(), { replayed: 1 })
    await untilSent(server, () => sent() === before + 1)
    assert.equal((await root.call('GET', path)).status, 401)
  })

  test(`while a secret is being replaced both sign, and after a day the new one alone: ${where}`, async (t) => {
    const { server, root, receiver, add } = await running(t)
    const { webhook, secret: old } = await add()
    const { secret: fresh } = (await root.call('POST', `${path}/${webhook.id}/rotate`)).json() as Added
    assert.notEqual(old, fresh)
    // Others end of themselves meanwhile.
    const logouts = () => receiver.received.filter((one) => one.json().data['reason'] === 'user_logout')
    await endOne(server)
    await until(() => logouts().length === 1)
    verifySignature(logouts()[0], [fresh, old])
    server.clock.advance(day)
    await endOne(server)
    await until(() => logouts().length === 2)
    verifySignature(logouts()[1], [fresh, old])
    server.clock.advance(1)
    await endOne(server)
    await until(() => logouts().length === 3)
    verifySignature(logouts()[2], [fresh])
  })

  test(`an endpoint that says it is gone, or at which nothing arrives for days, is disabled, and hears nothing more: ${where}`, async (t) => {
    const { server, root, receiver, add, deliveries } = await running(t)
    const { webhook } = await add()
    const stateOf = async (by: Browser) =>
      (await by.call('GET', `${path}/${webhook.id}`)).json() as { disabled_why: string | null }
    receiver.reply((response) => void response.writeHead(410).end())
    await endOne(server)
    await until(async () => (await stateOf(root)).disabled_why === 'gone')
    assert.equal((await deliveries(webhook.id))[0]?.state, 'dead')
    await endOne(server)
    assert.equal((await deliveries(webhook.id)).length, 1)
    assert.equal((await root.call('POST', `${path}/${webhook.id}/enable`)).status, 204)
    receiver.reply((response) => void response.writeHead(500).end())
    await endOne(server)
    await until(() => receiver.received.length === 2)
    await until(async () => (await deliveries(webhook.id))[0]?.attempts === 1)
    server.clock.advance(5 * day)
    const later = await server.signedIn('root@example.com')
    await endOne(server)
    await untilSent(server, async () => (await stateOf(later)).disabled_why === 'failing')
  })

  test(`a test is sent to the endpoint that asks for it alone: ${where}`, async (t) => {
    const { root, receiver, add } = await running(t)
    const other = await aReceiver(t)
    await root.call('POST', path, { url: other.url })
    const { webhook } = await add()
    assert.equal((await root.call('POST', `${path}/${webhook.id}/test`)).status, 202)
    await until(() => receiver.received.length === 1)
    assert.equal(receiver.received[0]?.json().type, 'webhook.test')
    assert.equal(other.received.length, 0)
  })
}

export interface Deliveries {
  readonly deliveries: readonly {
    readonly event: string
    readonly type: string
    readonly state: string
    readonly attempts: number
    readonly next_at: number | null
    readonly last_error: string | null
  }[]
}

/** Somebody signs in and out. */
export async function endOne(server: RunningTest): Promise<void> {
  const browser = server.browser()
  await browser.submit('/login', { email: 'uma@example.com', password })
  assert.equal((await browser.submit('/logout')).status, 303)
}

/** Lets time go on by seconds until something is so. */
export async function untilSent(server: RunningTest, isSo: () => boolean | Promise<boolean>): Promise<void> {
  await until(async () => {
    if (await isSo()) return true
    server.clock.advance(1_000)
    return false
  })
}

/** As a receiver does, by the specification: each secret must have signed, in this order, and no other. */
export function verifySignature(received: Received | undefined, secrets: readonly string[]): void {
  assert.ok(received)
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signed } = received.headers
  const expected = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    return `v1,${createHmac('sha256', key)
      .update(`${String(id)}.${String(at)}.${received.body}`)
      .digest('base64')}`
  })
  assert.equal(signed, expected.join(' '))
}
