import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Accounts } from '../../src/accounts/accounts.ts'
import { Passwords } from '../../src/accounts/passwords.ts'
import { openDatabase } from '../../src/database/open-database.ts'
import { password } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { startNode } from '../stores/node-process.ts'
import { until } from '../until.ts'
import { aReceiver } from '../webhooks/receiver.ts'

type Test = (name: string, run: (t: TestContext) => Promise<void>) => void
type Environment = { readonly [name: string]: string }

const program = join(import.meta.dirname, 'serve-quickly.ts')
const path = '/api/v1/admin/webhooks'

/** A server that is killed at the worst moments: what it had ended is delivered once it is back, under the same id. */
export function killedOn(test: Test, where: string, open: (folder: string) => Promise<Environment>): void {
  async function running(t: TestContext) {
    const folder = await mkdtemp(join(tmpdir(), 'sojourn-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const env = { SOJOURN_DATABASE: `sqlite:${join(folder, 'server.db')}`, ...(await open(folder)) }
    const database = await openDatabase(env.SOJOURN_DATABASE)
    t.after(() => database.destroy())
    const accounts = new Accounts(database, new Passwords(), { now: Date.now })
    await accounts.create({ email: 'uma@example.com', name: 'Uma', password, roles: ['user'] })
    await accounts.create({ email: 'root@example.com', name: 'Root', password, roles: ['super-admin'] })
    const receiver = await aReceiver(t)
    const start = async () => {
      const node = await startNode(folder, env, program)
      t.after(() => node.kill())
      return node
    }
    return { receiver, start, database }
  }

  async function signIn(browser: Browser, email: string): Promise<Browser> {
    assert.equal((await browser.submit('/login', { email, password })).status, 303)
    return browser
  }

  test(`killed while the receiver has the event and has not answered: it comes again, under the same id: ${where}`, async (t) => {
    const { receiver, start } = await running(t)
    receiver.reply(() => {})
    const node = await start()
    const root = await signIn(node.browser(), 'root@example.com')
    await root.call('POST', path, { url: receiver.url })
    const uma = await signIn(node.browser(), 'uma@example.com')
    await uma.submit('/logout')
    await until(() => receiver.received.length === 1)
    node.kill()
    receiver.reply((response) => void response.writeHead(204).end())
    await start()
    await until(() => receiver.received.length === 2)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    assert.match(String(ids[0]), /^evt_/)
    assert.equal(ids[1], ids[0])
    assert.equal(receiver.received[1]?.body, receiver.received[0]?.body)
  })

  test(`killed after the end is answered and before anything is sent: it is delivered by the next start: ${where}`, async (t) => {
    const { receiver, start, database } = await running(t)
    const node = await start()
    const root = await signIn(node.browser(), 'root@example.com')
    await root.call('POST', path, { url: receiver.url })
    // Nothing is sent for an hour, as after many failures.
    await database
      .updateTable('webhooks')
      .set({ retry_at: Date.now() + 3_600_000 })
      .execute()
    const uma = await signIn(node.browser(), 'uma@example.com')
    assert.equal((await uma.submit('/logout')).status, 303)
    node.kill()
    assert.equal(receiver.received.length, 0)
    const kept = await database.selectFrom('deliveries').select(['event', 'state']).execute()
    assert.deepEqual(
      kept.map(({ state }) => state),
      ['due'],
    )
    await database.updateTable('webhooks').set({ retry_at: 0 }).execute()
    await start()
    await until(() => receiver.received.length === 1)
    assert.equal(receiver.received[0]?.headers['webhook-id'], kept[0]?.event)
    assert.equal(receiver.received[0]?.json().data['reason'], 'user_logout')
  })

  test(`killed between the end in the session store and its row in the outbox: the next start takes it in: ${where}`, async (t) => {
    const { receiver, start, database } = await running(t)
    const node = await start()
    const root = await signIn(node.browser(), 'root@example.com')
    await root.call('POST', path, { url: receiver.url })
    const uma = await signIn(node.browser(), 'uma@example.com')
    await until(async () => {
      const mark = await database
        .selectFrom('outbox_marks')
        .select('name')
        .where('name', '=', 'feed')
        .execute()
      return mark.length === 1
    })
    // From here on the outbox cannot be written: what the store commits stands alone.
    await database.schema.alterTable('outbox_events').renameTo('elsewhere').execute()
    await uma.submit('/logout')
    node.kill()
    await database.schema.alterTable('elsewhere').renameTo('outbox_events').execute()
    await start()
    await until(() => receiver.received.length >= 1)
    assert.equal(receiver.received[0]?.json().data['reason'], 'user_logout')
  })
}
