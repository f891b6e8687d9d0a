import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from './a-server.ts'
import { aCommandLine, type CommandLine } from './command-line.ts'

interface Listed {
  readonly users: readonly { readonly email: string; readonly roles: readonly string[] }[]
  readonly cursor: string | null
}

const password = 'correct horse battery'

async function person({ run }: CommandLine, email: string, role = 'user'): Promise<void> {
  const args = ['accounts', 'create', '--email', email, '--name', email, '--role', role]
  assert.equal((await run(args, `${password}\n`)).code, 0)
}

test('R-20 an operator disables, enables and deletes an account while the server runs', async (t) => {
  const line = await aCommandLine(t)
  await person(line, 'uma@example.com')
  const server = await aServer(line)
  const cookie = await server.signIn('uma@example.com', password)
  await line.json(['accounts', 'disable', 'uma@example.com', '--yes'])
  assert.equal((await server.session(cookie)).reason, 'account_disabled')
  assert.match((await line.here(['accounts', 'list'])).out, /uma@example\.com .* disabled\n/)
  await line.json(['accounts', 'enable', 'uma@example.com'])
  const again = await server.signIn('uma@example.com', password)
  await line.json([
    'accounts',
    'roles',
    'uma@example.com',
    '--role',
    'user',
    '--role',
    'store-admin',
    '--yes',
  ])
  assert.equal((await server.session(again)).reason, 'policy_changed')
  const last = await server.signIn('uma@example.com', password)
  await line.json(['accounts', 'delete', 'uma@example.com', '--yes'])
  assert.equal((await server.session(last)).reason, 'account_disabled')
  assert.deepEqual(await line.json<Listed>(['accounts', 'list']), { users: [], cursor: null })
  assert.equal(await server.stop(), 0)
})

test('accounts list filters, and goes on page by page', async (t) => {
  const line = await aCommandLine(t)
  await person(line, 'ada@example.com', 'super-admin')
  await person(line, 'uma@example.com')
  const page = await line.json<Listed>(['accounts', 'list', '--limit', '1'])
  const next = await line.json<Listed>(['accounts', 'list', '--limit', '1', '--cursor', page.cursor ?? ''])
  assert.deepEqual(
    [...page.users, ...next.users].map(({ email }) => email),
    ['uma@example.com', 'ada@example.com'],
  )
  assert.equal(next.cursor, null)
  const admins = await line.json<Listed>(['accounts', 'list', '--role', 'super-admin', '--search', 'EXAMPLE'])
  assert.deepEqual(
    admins.users.map(({ roles }) => roles),
    [['super-admin']],
  )
  assert.equal((await line.here(['accounts', 'list', '--search', 'nobody'])).out, 'No accounts.\n')
  for (const wrong of [
    ['--role', 'emperor'],
    ['--state', 'asleep'],
    ['--limit', '0'],
    ['--cursor', 'x'],
  ])
    assert.equal((await line.here(['accounts', 'list', ...wrong])).code, 2, wrong.join(' '))
})

test('what ends sessions is asked for, and is not done to the last Super Admin', async (t) => {
  const line = await aCommandLine(t)
  await person(line, 'ada@example.com', 'super-admin')
  const server = await aServer(line)
  const no = await line.here(['accounts', 'disable', 'ada@example.com'], ['n'])
  assert.equal(no.code, 1)
  assert.match(no.err, /disable ada@example\.com\? 0 live sessions end\./)
  const unasked = await line.here(['accounts', 'disable', 'ada@example.com'])
  assert.equal(unasked.code, 2)
  assert.match(unasked.err, /add --yes/)
  for (const what of [['disable'], ['delete'], ['roles', '--role', 'user']]) {
    const { code, err } = await line.here(['accounts', ...what, 'ada@example.com', '--yes'])
    assert.equal(code, 1)
    assert.match(err, /last Super Admin/)
  }
  const stranger = await line.here(['accounts', 'delete', 'eve@example.com', '--yes'])
  assert.match(stranger.err, /eve@example\.com has no account/)
  assert.equal((await line.here(['accounts', 'roles', 'ada@example.com', '--yes'])).code, 2)
  assert.equal((await line.here(['accounts', 'delete', '--yes'])).code, 2)
  assert.equal(await server.stop(), 0)
})
