import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../../src/config.ts'
import { aFolder, aServer, secret } from '../a-server.ts'
import { isCidr, listOf, mayReach } from '../../src/webhooks/private-addresses.ts'
import { post } from '../../src/webhooks/post.ts'
import { signedHeaders } from '../../src/webhooks/signature.ts'
import { backoff, isDead, restOf } from '../../src/webhooks/backoff.ts'
import { wrongUrl } from '../../src/webhooks/webhook.ts'
import { aReceiver } from './receiver.ts'
import { until } from '../until.ts'

const none = listOf([])
const never = new AbortController().signal

test('a webhook reaches the Internet, and neither this machine nor its network in any writing', () => {
  for (const address of ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8', '172.32.0.1', '223.255.255.255'])
    assert.ok(mayReach(address, none), address)
  const refused = [
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.0.8',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'ff02::1',
    '2001::1',
  ]
  for (const address of refused) assert.ok(!mayReach(address, none), address)
  const allowed = listOf(['10.20.0.0/16', 'fd00::/8'])
  assert.ok(mayReach('10.20.255.255', allowed) && mayReach('fd12::1', allowed))
  assert.ok(!mayReach('10.21.0.0', allowed) && !mayReach('127.0.0.1', allowed))
})

test('what is typed in is an address on the Internet by https, without a name and password', () => {
  assert.equal(wrongUrl('https://hooks.example.com/a?b=c', false), undefined)
  for (const wrong of [
    'http://a.example',
    'ftp://a.example',
    'a.example',
    'https://u:p@a.example',
    'https://a.example/#x',
    'javascript:1',
  ])
    assert.notEqual(wrongUrl(wrong, false), undefined, wrong)
  assert.equal(wrongUrl('http://localhost:9/x', true), undefined)
  assert.ok(isCidr('10.0.0.0/8') && isCidr('::1/128'))
  for (const wrong of ['10.0.0.0', '10.0.0.0/33', 'x/8', '::/129', '10.0.0.0/8/8'])
    assert.ok(!isCidr(wrong), wrong)
})

test('a name that leads to this machine is refused when it is looked up, and nothing is sent', async (t) => {
  const receiver = await aReceiver(t)
  const { port } = new URL(receiver.url)
  for (const host of ['localhost', '127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]']) {
    const url = new URL(`http://${host}:${port}/`)
    const posted = await post(
      { url, headers: {}, body: '{}' },
      { allowed: none, timeout: 2_000, stop: never },
    )
    assert.deepEqual(posted, { status: null, error: 'refused_address', retryAfter: null }, host)
  }
  assert.equal(receiver.received.length, 0)
})

test('a redirect is not followed, a slow receiver is given up, and of a long answer only the status counts', async (t) => {
  const receiver = await aReceiver(t)
  const reach = { allowed: listOf(['127.0.0.0/8']), stop: never }
  const ask = (timeout = 5_000) =>
    post({ url: new URL(receiver.url), headers: {}, body: '{}' }, { ...reach, timeout })
  receiver.reply((response) => void response.writeHead(302, { location: '/elsewhere' }).end())
  assert.equal((await ask()).status, 302)
  assert.equal(receiver.received.length, 1)
  receiver.reply(() => {})
  assert.deepEqual(await ask(50), { status: null, error: 'timeout', retryAfter: null })
  receiver.reply((response) => {
    response.writeHead(200)
    const flood = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      response.once('drain', flood)
    }
    flood()
  })
  assert.equal((await ask()).status, 200)
  receiver.reply((response) => void response.writeHead(503, { 'retry-after': '120' }).end())
  assert.equal((await ask()).retryAfter, 120_000)
  const stop = new AbortController()
  receiver.reply(() => stop.abort())
  const cut = await post(
    { url: new URL(receiver.url), headers: {}, body: '' },
    { ...reach, stop: stop.signal, timeout: 5_000 },
  )
  assert.equal(cut.status, null)
})

test('signatures are those of the test vector of Standard Webhooks', () => {
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_999, body: '{"test": 2432232314}' }
  const headers = signedHeaders(message, [['whsec', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'].join('_')])
  assert.deepEqual(headers, {
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('attempts are three times as far apart each time, up to eight hours, half of it by chance, and end after three days', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((n) => backoff(n, 1)),
    [5_000, 15_000, 45_000, 135_000],
  )
  assert.equal(backoff(1, 0), 2_500)
  assert.equal(backoff(30, 1), 8 * 3_600_000)
  assert.equal(restOf(30, 1), 300_000)
  assert.ok(!isDead(15, 0, 3 * 86_400_000 - 1) && isDead(16, 0, 0) && isDead(1, 0, 3 * 86_400_000))
})

test('in production a webhook to a private address is not sent, and an address of http is not taken', async (t) => {
  const server = await aServer(t)
  await server.person('root@example.com', { roles: ['super-admin'] })
  const root = await server.signedIn('root@example.com')
  const receiver = await aReceiver(t)
  const path = '/api/v1/admin/webhooks'
  assert.equal((await root.call('POST', path, { url: receiver.url })).status, 400)
  const url = receiver.url.replace('http:', 'https:')
  const added = await root.call('POST', path, { url })
  assert.equal(added.status, 201)
  const { webhook } = added.json() as { readonly webhook: { readonly id: string } }
  await root.call('POST', `${path}/${webhook.id}/test`)
  const last = async () =>
    (
      (await root.call('GET', `${path}/${webhook.id}/deliveries`)).json() as {
        deliveries: { last_error: string | null }[]
      }
    ).deliveries[0]?.last_error
  await until(async () => (await last()) !== null)
  assert.equal(await last(), 'refused_address')
})

test('networks that webhooks may reach are refused at the start where they are none', async (t) => {
  const read = async (networks: string) =>
    readConfig({ SOJOURN_SECRET: secret, SOJOURN_WEBHOOK_NETWORKS: networks }, await aFolder(t), 'serve')
  assert.deepEqual((await read('10.0.0.0/8,fd00::/8')).webhookNetworks, ['10.0.0.0/8', 'fd00::/8'])
  for (const wrong of ['10.0.0.0', 'localhost', '10.0.0.0/8,', '::/200'])
    await assert.rejects(read(wrong), /^SessionError: SOJOURN_WEBHOOK_NETWORKS: expected networks such as/)
})
