import assert from 'node:assert/strict'
import type { TestContext, TestFn } from 'node:test'
import { raiseRevision, readRevision } from '../../src/config/revision.ts'
import { openDatabase } from '../../src/database/open-database.ts'
import { changeSettings } from '../../src/settings/change-settings.ts'
import { install } from '../../src/settings/layer.ts'
import { storedPolicy } from '../../src/settings/stored-policy.ts'
import { readConfig } from '../../src/config.ts'
import { aFolder, password, secret } from '../a-server.ts'
import { type Node, nodesOf, until } from './a-node.ts'
import { save, usersPath } from './a-settings-page.ts'

const within = 5_000
const minute = 60_000
const idleOf = ({ sessions }: Node): number | null => sessions.policy.idleTimeout

/** What holds for settings in any database; `place`: the address of an empty one. */
export function settingsOnNodes(
  test: (name: string, run: TestFn) => void,
  name: string,
  place: (t: TestContext) => Promise<string>,
): void {
  test(`${name}: JAD-15 a saved setting holds at once where it is saved, and on all nodes within the bound`, async (t) => {
    const nodes = await nodesOf(t, await place(t))
    const [one, other] = [await nodes.start(), await nodes.start()]
    await aSuperAdminOf(one)
    const ada = await one.signedIn('ada@example.com')
    await save(ada, usersPath, { idleTimeout: '30m', limit: '1' })
    assert.deepEqual([one, other].map(idleOf), [30 * minute, 120 * minute])
    nodes.clock.advance(within)
    await until(() => idleOf(other) === 30 * minute)
    const first = await other.signedIn('ada@example.com')
    await other.signedIn('ada@example.com')
    assert.match((await first.go('/account')).location ?? '', /evicted_by_limit/)
    const later = await nodes.start()
    assert.equal(idleOf(later), 30 * minute, 'and on one that starts later')
  })

  test(`${name}: JAD-15 a configuration that does not read keeps no node from what administrators have set`, async (t) => {
    const nodes = await nodesOf(t, await place(t))
    const node = await nodes.start({ reread: () => Promise.reject(new Error('half written')) })
    await aSuperAdminOf(node)
    await save(await node.signedIn('ada@example.com'), usersPath, { idleTimeout: '30m' })
    assert.equal(idleOf(node), 30 * minute)
    assert.ok(node.lines.some((line) => line.includes('settings.refused')))
  })

  test(`${name}: of many changes at once on two nodes one is made, and the number of no revision is lost`, async (t) => {
    const location = await place(t)
    const nodes = await nodesOf(t, location)
    const pair = [await nodes.start(), await nodes.start()] as const
    await aSuperAdminOf(pair[0])
    const browsers = [await pair[0].signedIn('ada@example.com'), await pair[1].signedIn('ada@example.com')]
    // One process and one file would wait for itself: there they come one after the other.
    const answers: number[] = []
    const ask = async (i: number): Promise<void> => {
      const body = { revision: 0, set: { limit: i + 1 } }
      const answer = await browsers[i % 2]?.call('POST', '/api/v1/admin/settings/users', body)
      answers.push(answer?.status ?? 0)
    }
    const all = Array.from({ length: 8 }, (_, i) => i)
    if (location.startsWith('sqlite:')) for (const i of all) await ask(i)
    else await Promise.all(all.map(ask))
    assert.deepEqual(
      answers.toSorted((a, b) => a - b),
      [200, ...Array<number>(7).fill(409)],
    )
    const database = await openDatabase(location)
    t.after(() => database.destroy())
    const ground = { database, configured: 'jadu', tryPolicy: () => undefined, now: Date.now } as const
    const values = new Map([['limit', '1']] as const)
    const late = { layer: install, seen: 0, values, by: null, note: '' }
    assert.equal((await changeSettings(ground, late)).state, 'outdated')
    const rows = await database.selectFrom('setting_revisions').select('revision').execute()
    // What was refused is taken back whole: no node reads the settings for it.
    assert.deepEqual([rows.map(({ revision }) => revision), await readRevision(database)], [[1], 1])
    await raiseRevision(database)
    assert.equal(await readRevision(database), 2)
  })

  test(`${name}: settings that contradict a new configuration keep a server from its start, and say where to look`, async (t) => {
    const location = await place(t)
    const nodes = await nodesOf(t, location)
    const node = await nodes.start()
    await aSuperAdminOf(node)
    await save(await node.signedIn('ada@example.com'), usersPath, { idleTimeout: '3h' })
    const env = { SOJOURN_SECRET: secret, SOJOURN_DATABASE: location, SOJOURN_POLICY: 'jadu' }
    const config = await readConfig(env, await aFolder(t), 'serve')
    const { createServer } = await import('../../src/server.ts')
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    await assert.rejects(
      createServer(config, { log, store: nodes.store }),
      /policy\.idleTimeout: expected at most idleTimeoutMax, 24m, got "3h" \(as set in the database, see 'sojourn settings list'\)/,
    )
    const database = await openDatabase(location)
    t.after(() => database.destroy())
    assert.deepEqual(
      ((await storedPolicy(database, 'stay-logged-in')) as { idleTimeout: string }).idleTimeout,
      '3h',
    )
  })
}

async function aSuperAdminOf({ accounts }: Node): Promise<void> {
  await accounts.create({ email: 'ada@example.com', name: 'Ada', password, roles: ['super-admin'] })
}
