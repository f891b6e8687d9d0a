import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { createSessions } from 'sojourn'
import { day } from 'sojourn/core'
import { memory } from 'sojourn/stores/memory'
import { FakeClock } from 'sojourn/testing/clock'
import { Accounts } from '../../src/accounts/accounts.ts'
import { Passwords } from '../../src/accounts/passwords.ts'
import type { Database } from '../../src/database/open-database.ts'
import { IntegrationSubjects } from '../../src/integrations/integration-subjects.ts'
import { IntegrationSessions } from '../../src/integrations/integration-sessions.ts'
import { Integrations } from '../../src/integrations/integrations.ts'
import { Links } from '../../src/links/links.ts'
import { cheap, secret } from '../a-server.ts'
import { databases } from '../databases.ts'

for (const { name, skip, open } of databases)
  describe(`integrations on ${name}`, { skip }, () => {
    async function opened(t: TestContext) {
      const database = await open(t)
      const clock = new FakeClock()
      const accounts = new Accounts(database, new Passwords({ cost: cheap }), clock)
      const integrations = new Integrations(database, clock)
      const subjects = new IntegrationSubjects(database, accounts, clock)
      const make = (settings: object = {}) =>
        integrations.create({ kind: 'saml', name: 'State University', enabled: true, settings })
      return { database, clock, accounts, integrations, subjects, make }
    }

    test('of many at once who bring a new name one makes its account, and all get it', async (t) => {
      const { database, subjects, make } = await opened(t)
      const integration = await make()
      const person = { externalId: 'ada', email: 'ada@uni.example', displayName: 'Ada' }
      const found = await Promise.all(
        Array.from({ length: 12 }, () => subjects.findOrCreate(integration, person)),
      )
      assert.equal(new Set(found.map(({ id }) => id)).size, 1)
      assert.equal((await rows(database)).length, 1)
      assert.deepEqual(
        [found[0]?.email, found[0]?.name, found[0]?.emailVerifiedAt],
        ['ada@uni.example', 'Ada', null],
      )
    })

    test('SLI-17 an account that is made carries the integration’s own limit, and keeps it', async (t) => {
      const { integrations, subjects, make } = await opened(t)
      const made = []
      for (const sessionLimit of [3, 0, null]) {
        const integration = await make({ sessionLimit })
        made.push((await subjects.findOrCreate(integration, { externalId: 'a' })).sessionLimit)
        const changed = await integrations.change(integration.id, 1, { settings: { sessionLimit: 9 } })
        if (changed === undefined) throw new Error('it was not changed')
        made.push((await subjects.findOrCreate(changed, { externalId: 'a' })).sessionLimit)
      }
      assert.deepEqual(made, [3, 3, 0, 0, null, null])
    })

    test('an account that is there is never taken by its e-mail address alone', async (t) => {
      const { accounts, subjects, make } = await opened(t)
      const owner = await accounts.create({ email: 'ada@example.com', name: 'Ada' })
      const integration = await make()
      const found = await subjects.findOrCreate(integration, { externalId: 'x', email: 'ADA@example.com' })
      assert.notEqual(found.id, owner?.id)
      assert.match(found.email, /^[\w-]{36}@integration\.invalid$/)
      assert.equal(await subjects.link(integration, 'y', owner?.id ?? ''), true)
      const linked = await subjects.findOrCreate(integration, { externalId: 'y', email: 'else@example.com' })
      assert.equal(linked.id, owner?.id)
      assert.equal(linked.email, 'ada@example.com')
      assert.equal(await subjects.link(integration, 'x', owner?.id ?? ''), false)
      assert.deepEqual(
        [await subjects.creatorOf(found.id), await subjects.creatorOf(linked.id)],
        [integration.id, undefined],
      )
    })

    test('one name at two integrations is two people; a name at one is compared whole', async (t) => {
      const { subjects, make } = await opened(t)
      const [one, other] = [await make(), await make()]
      const ids = new Set<string>()
      for (const [integration, externalId] of [
        [one, 'a'],
        [other, 'a'],
        [one, 'A'],
        [one, 'a '],
      ] as const)
        ids.add((await subjects.findOrCreate(integration, { externalId })).id)
      assert.equal(ids.size, 4)
    })

    test('a visitor without a name is somebody new each time, and takes nobody’s address', async (t) => {
      const { subjects, make } = await opened(t)
      const integration = await make()
      const person = { email: 'free@example.com', displayName: '\u0000\n' }
      const [one, other] = [
        await subjects.findOrCreate(integration, person),
        await subjects.findOrCreate(integration, person),
      ]
      assert.notEqual(one.id, other.id)
      assert.match(one.email, /\.invalid$/)
      assert.equal(one.name, 'State University')
    })

    test('the account of a visit is removed a day later, once no session of it lives; all others stay', async (t) => {
      const { database, clock, accounts, subjects, make } = await opened(t)
      const policy = { idleTimeout: '3d', touchEvery: '0s' } as const
      const sessions = createSessions({ store: memory(), policy, secret, clock, sweepEvery: null })
      t.after(() => sessions.close())
      const links = new Links(database, [secret], clock)
      const integration = await make()
      const known = await subjects.findOrCreate(integration, { externalId: 'a' })
      const [gone, stays] = [
        await subjects.findOrCreate(integration, {}),
        await subjects.findOrCreate(integration, {}),
      ]
      await sessions.start({ subject: stays.id, method: 'ip' })
      const left = async () => {
        await subjects.sweep(sessions, links)
        return (await accounts.findAll([known.id, gone.id, stays.id])).size
      }
      clock.advance(day)
      assert.equal(await left(), 3)
      clock.advance(1)
      assert.equal(await left(), 2)
      assert.equal(await accounts.find(gone.id), undefined)
      clock.advance(2 * day)
      assert.equal(await left(), 1)
      assert.notEqual(await accounts.find(known.id), undefined)
    })

    test('it is forgotten which integration began a session a day after it was seen live, and not while it lives', async (t) => {
      const { database, clock, make } = await opened(t)
      const policy = { idleTimeout: '3d', touchEvery: '0s' } as const
      const sessions = createSessions({ store: memory(), policy, secret, clock, sweepEvery: null })
      t.after(() => sessions.close())
      const integrationSessions = new IntegrationSessions(database, clock)
      const { id } = await make()
      const begun = []
      for (const subject of ['a', 'b', 'c']) {
        const { session } = await sessions.start({ subject, method: 'ip' })
        await integrationSessions.note(session.id, id)
        begun.push(session.id)
      }
      const [first = '', second = ''] = begun
      await sessions.end({ id: first }, 'user_logout')
      assert.deepEqual(await integrationSessions.live(sessions, id, 10), { count: 2, complete: true })
      assert.deepEqual(await integrationSessions.live(sessions, id, 2), { count: 2, complete: true })
      assert.deepEqual(await integrationSessions.live(sessions, id, 1), { count: 1, complete: false })
      clock.advance(day + 1)
      await integrationSessions.sweep(sessions)
      assert.deepEqual(
        [await integrationSessions.beganBy(first), await integrationSessions.beganBy(second)],
        [undefined, id],
      )
      assert.equal(await integrationSessions.endAll(sessions, id, 'ada'), 2)
      assert.equal(await integrationSessions.endAll(sessions, 'another', 'ada'), 0)
    })

    test('of two who change one integration at once one wins, and its id is never given again', async (t) => {
      const { integrations, make } = await opened(t)
      const { id } = await make()
      const changes = await Promise.all(['A', 'B', 'C'].map((name) => integrations.change(id, 1, { name })))
      assert.equal(changes.filter((one) => one !== undefined).length, 1)
      assert.equal((await integrations.find(id))?.revision, 2)
      assert.equal(await integrations.remove(id), true)
      assert.equal(await integrations.remove(id), false)
      assert.notEqual((await make()).id, id)
      assert.match(id, /^state-university-[0-9a-f]{10}$/)
    })

    test('only an enabled one of the kind vouches', async (t) => {
      const { integrations, make } = await opened(t)
      const { id } = await make()
      assert.equal((await integrations.findEnabled('saml', id))?.id, id)
      assert.equal(await integrations.findEnabled('lti', id), undefined)
      await integrations.change(id, 1, { enabled: false })
      assert.equal(await integrations.findEnabled('saml', id), undefined)
      assert.deepEqual(await integrations.ofKind('saml'), [])
      assert.equal((await integrations.list()).length, 1)
    })
  })

function rows(database: Database) {
  return database.selectFrom('accounts').selectAll().execute()
}
