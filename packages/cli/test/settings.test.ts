import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSessions } from 'sojourn'
import { day } from 'sojourn/core'
import { sqlite } from 'sojourn/stores/sqlite'
import { FakeClock } from 'sojourn/testing/clock'
import { aServer } from './a-server.ts'
import { aCommandLine } from './command-line.ts'

const password = 'correct horse battery'

test('JAD-15 SLI-11 what is set by the command line holds on a server that runs, and is a revision like any other', async (t) => {
  const line = await aCommandLine(t)
  const server = await aServer(line)
  await line.json(['accounts', 'create', '--email=uma@example.com', '--name=Uma'], `${password}\n`)
  const first = await server.signIn('uma@example.com', password)
  assert.deepEqual(await line.json(['settings', 'list']), { settings: [] })
  const set = ['settings', 'set', '--option=limit', '--value=1', '--note=tidy up']
  const { revision } = await line.json<{ revision: number }>(set)
  assert.deepEqual(await line.json(['settings', 'list']), {
    settings: [{ layer: 'install', option: 'limit', value: '1', revision }],
  })
  // The server looks at most five seconds later.
  for (let second: string; (await server.session(first)).state !== 'ended';) {
    second = await server.signIn('uma@example.com', password)
    assert.notEqual((await server.session(second)).state, 'ended')
  }
  assert.equal((await server.session(first)).reason, 'evicted_by_limit')
  const { out } = await line.here(['settings', 'history'])
  assert.match(out, /command line {2}install\n {3}limit: inherit -> 1\n {3}tidy up\n$/)
  await line.json(['settings', 'set', '--option=limit', '--value=inherit'])
  assert.deepEqual(await line.json(['settings', 'list']), { settings: [] })
  assert.equal(await server.stop(), 0)
})

test('the command line is refused what the pages refuse, in the same words', async (t) => {
  const line = await aCommandLine(t)
  await line.json(['accounts', 'create', '--email=uma@example.com', '--name=Uma'], `${password}\n`)
  for (const [args, code, says] of [
    [['--option=limt', '--value=1'], 2, /--option: expected one of limit, onExceed/],
    [['--option=limit', '--value=many'], 2, /limit: expected a whole number from 0 to 10000/],
    [['--option=limit'], 2, /limit: expected a whole number/],
    [['--option=limit', '--value=1', '--layer=rôle:x'], 2, /--layer: expected install or KIND:NAME/],
    [['--option=limit', '--value=0'], 1, /limit: expected a limit by which administrators may sign in/],
    [['--option=limit', '--value=inherit'], 1, /this is how it is already/],
    [['--option=limit', '--value=1', '--layer=subject:nobody'], 1, /nobody is no account/],
  ] as const) {
    const ended = await line.here(['settings', 'set', ...args])
    assert.equal(ended.code, code, ended.err)
    assert.match(ended.err, says)
  }
  assert.equal((await line.here(['settings', 'list'])).out, 'Nothing is set.\n')
})

test('SLI-26 a sweep by the command line keeps ended sessions as long as the settings say', async (t) => {
  const line = await aCommandLine(t)
  await line.json(['accounts', 'create', '--email=uma@example.com', '--name=Uma'], `${password}\n`)
  const clock = new FakeClock(Date.now() - 40 * day)
  const file = join(line.folder, 'data', 'sessions.db')
  const sessions = createSessions({ store: sqlite(file), clock, sweepEvery: null })
  const { session } = await sessions.start({ subject: 'u-1' })
  await sessions.end({ id: session.id }, 'admin_revoked')
  await sessions.close()
  const purged = async () => (await line.json<{ purged: number }>(['sweep'])).purged
  await line.json(['settings', 'set', '--option=retention', '--value=41d'])
  assert.equal(await purged(), 0)
  await line.json(['settings', 'set', '--option=retention', '--value=39d'])
  assert.equal(await purged(), 1)
})
