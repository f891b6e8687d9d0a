import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { test } from 'node:test'
import type { SessionsView, SessionView } from '@sojourn/server'
import { createSessions } from 'sojourn'
import { sqlite } from 'sojourn/stores/sqlite'
import { aServer, type RunningServer } from './a-server.ts'
import { aCommandLine, type CommandLine } from './command-line.ts'

/** What `sessions show --json` prints, as the API does. */
interface Shown {
  readonly session: SessionView
  readonly trace: readonly { readonly rule: string }[] | null
}

test('an operator lists, shows and ends sessions while the server runs, and the browser is told why', async (t) => {
  const line = await aCommandLine(t)
  const server = await withPeople(line)
  const cookie = await server.signIn('ada@example.com', 'correct horse battery')
  await server.signIn('bob@example.com', 'correct horse battery')

  const { sessions: items } = await line.json<SessionsView>([
    'sessions',
    'list',
    '--subject',
    'ada@example.com',
  ])
  assert.equal(items.length, 1)
  const [session] = items
  assert.ok(session)
  const shown = await line.json<Shown>(['sessions', 'show', session.id])
  assert.equal(shown.session.subject, session.subject)
  assert.equal(shown.session.state, 'live')
  assert.ok(shown.trace?.some(({ rule }) => rule === 'idle-timeout'))
  assert.equal((await server.session(cookie)).state, 'active')

  const { ended } = await line.json<{ ended: number }>(['sessions', 'end', session.id, '--yes'])
  assert.equal(ended, 1)
  const { state, reason } = await server.session(cookie)
  assert.deepEqual({ state, reason }, { state: 'ended', reason: 'admin_revoked' })

  assert.equal((await line.json<SessionsView>(['sessions', 'list'])).sessions.length, 1)
  const byReason = await line.json<SessionsView>(['sessions', 'list', '--reason', 'admin_revoked'])
  assert.deepEqual(
    byReason.sessions.map(({ id }) => id),
    [session.id],
  )
  assert.equal(await server.stop(), 0)
})

test('sessions end --subject ends all of one person, after a preview of how many, and nobody else', async (t) => {
  const line = await aCommandLine(t)
  await withSessions(line.folder, { ada: 12, bob: 1 })
  const { code, out, err } = await line.run(['sessions', 'end', '--subject', 'ada', '--yes'])
  assert.equal(code, 0)
  assert.match(err, /^This ends 12 sessions:\n/)
  assert.match(err, /and 2 more\n$/)
  assert.equal(out, 'Ended 12 sessions.\n')
  const { sessions: items } = await line.json<SessionsView>(['sessions', 'list'])
  assert.deepEqual(
    items.map(({ subject }) => subject),
    ['bob'],
  )
  const again = await line.run(['sessions', 'end', '--subject', 'ada', '--yes'])
  assert.deepEqual(again, { code: 0, out: 'Ended 0 sessions.\n', err: '' })
})

test('sessions end refuses to guess: without --yes and a person to ask, nothing ends', async (t) => {
  const line = await aCommandLine(t)
  await withSessions(line.folder, { ada: 2 })
  for (const args of [
    ['--subject', 'ada'],
    ['--subject', 'ada', '--json'],
  ])
    assert.equal((await line.run(['sessions', 'end', ...args], 'y\n')).code, 2)
  assert.equal((await line.json<SessionsView>(['sessions', 'list'])).sessions.length, 2)
})

test('sessions end asks whoever is at the terminal, and takes nothing but yes for it', async (t) => {
  const line = await aCommandLine(t)
  await withSessions(line.folder, { ada: 2 })
  for (const answer of ['n', '', 'yess']) {
    const { code, out, err } = await line.here(['sessions', 'end', '--subject', 'ada'], [answer])
    assert.deepEqual({ code, out }, { code: 1, out: '' })
    assert.match(err, /^This ends 2 sessions:[^]*End them\? \[y\/N\] sojourn: nothing was ended\n$/)
  }
  const { code, out } = await line.here(['sessions', 'end', '--subject', 'ada'], ['y'])
  assert.deepEqual({ code, out }, { code: 0, out: 'Ended 2 sessions.\n' })
})

test('sessions list pages with its cursor, and its table fits 80 columns', async (t) => {
  const line = await aCommandLine(t)
  await withSessions(line.folder, { 'somebody-with-a-long-name': 5 })
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: SessionsView = await line.json([
      'sessions',
      'list',
      '--limit=2',
      ...(cursor ? [`--cursor=${cursor}`] : []),
    ])
    seen.push(...page.sessions.map(({ id }) => id))
    ;({ cursor } = page)
  }
  assert.equal(new Set(seen).size, 5)
  assert.equal(seen.length, 5)

  const { out } = await line.run(['sessions', 'list', '--limit', '2'])
  const [head = '', ...rows] = out.trimEnd().split('\n')
  assert.match(head, /^ID +WHO +LAST SEEN \(UTC\) +STATE$/)
  assert.match(rows.at(-1) ?? '', /^There are more: --cursor=\S+$/)
  for (const row of [head, ...rows.slice(0, -1)]) assert.ok(row.length <= 80, row)
})

test('an id that begins with a dash is an id and no option', async (t) => {
  const line = await aCommandLine(t)
  let begins = 0
  const { id } = await withSessions(line.folder, { ada: 1 }, (size) => {
    // 0xfb, 0xef make the first letter of base64url a dash.
    const bytes = crypto.getRandomValues(new Uint8Array(size))
    if (begins++ === 0) bytes[0] = 0xfb
    return bytes
  })
  assert.equal(id[0], '-')
  assert.equal((await line.json<Shown>(['sessions', 'show', id])).session.id, id)
  assert.deepEqual(await line.json(['sessions', 'end', id, '--yes']), { ended: 1 })
})

test('sessions show and end answer 1 for a session that is not there', async (t) => {
  const line = await aCommandLine(t)
  await withSessions(line.folder, { ada: 1 })
  const absent = 'AAAAAAAAAAAAAAAAAAAAAA'
  const [show, end] = await Promise.all([
    line.here(['sessions', 'show', absent]),
    line.here(['sessions', 'end', absent, '--yes']),
  ])
  assert.deepEqual([show.code, end.code], [1, 1])
  assert.match(show.err, /there is no session AAAA/)
})

test('nothing that is printed holds a token, its secret or a hash of it', async (t) => {
  const line = await aCommandLine(t)
  const { id, secret, hash } = await withSessions(line.folder, { ada: 1 })
  for (const args of [
    ['sessions', 'list'],
    ['sessions', 'show', id],
    ['sessions', 'end', id, '--yes'],
  ])
    for (const json of [[], ['--json']]) {
      const { out, err } = await line.here([...args, ...json])
      for (const hidden of [secret, hash]) assert.ok(!`${out}${err}`.includes(hidden), args.join(' '))
    }
})

test('where no server has ever run, the sessions commands say so and make no store', async (t) => {
  const line = await aCommandLine(t)
  const { code, err } = await line.run(['sessions', 'list'])
  assert.equal(code, 1)
  assert.match(err, /there are no sessions at .*sessions\.db: .*SOJOURN_DATA/)
  const inMemory = await line.run(['sessions', 'list'], '', { SOJOURN_STORE: 'memory:' })
  assert.equal(inMemory.code, 1)
  assert.match(inMemory.err, /memory of the server/)
})

test('sweep marks the expired, purges the old and says how many', async (t) => {
  const line = await aCommandLine(t)
  const day = 86_400_000
  await withSessions(line.folder, { ada: 3 }, undefined, Date.now() - day)
  await withSessions(line.folder, { bob: 1 })
  const nothing = { marked: 0, purged: 0, minimised: 0, complete: true }
  assert.deepEqual(await line.json(['sweep']), { ...nothing, marked: 3 })
  assert.deepEqual(await line.json(['sweep']), nothing)
  const { out } = await line.run(['sweep'])
  assert.equal(out, 'Marked 0 as ended, removed 0.\n')
  const { sessions: items } = await line.json<SessionsView>(['sessions', 'list', '--reason', 'idle_timeout'])
  assert.equal(items.length, 3)
})

async function withPeople(line: CommandLine): Promise<RunningServer> {
  for (const name of ['ada', 'bob'])
    await line.json(
      ['accounts', 'create', '--email', `${name}@example.com`, '--name', name],
      'correct horse battery\n',
    )
  return aServer(line)
}

/** So many sessions of each subject in the store of the folder, as a server would leave them; tells of the first. */
async function withSessions(
  folder: string,
  people: { readonly [subject: string]: number },
  random?: (size: number) => Uint8Array,
  at?: number,
) {
  await mkdir(`${folder}/data`, { recursive: true })
  const store = sqlite(`${folder}/data/sessions.db`)
  const clock = at === undefined ? {} : { clock: { now: () => at, after: () => () => {} } }
  const auth = createSessions({
    store,
    sweepEvery: null,
    ...clock,
    ...(random === undefined ? {} : { random }),
  })
  const started = []
  for (const [subject, count] of Object.entries(people))
    for (let made = 0; made < count; made++) started.push(await auth.start({ subject }))
  const [first] = started
  if (first === undefined) throw new Error('none')
  const hash = (await store.find(first.session.id))?.secretHash ?? ''
  await auth.close()
  return { id: first.session.id, secret: first.token.secret(), hash }
}
