import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAccounts, readConfig } from '@sojourn/server'
import { aCommandLine } from './command-line.ts'

const ada = ['accounts', 'create', '--email', 'ada@example.com', '--name', 'Ada']

interface Created {
  readonly id: string
  readonly roles: readonly string[]
  readonly password?: string
}

test('accounts create reads the password from standard input and prints none', async (t) => {
  const { run, folder } = await aCommandLine(t)
  const { code, out, err } = await run([...ada, '--role', 'super-admin'], 'correct horse battery\n')
  assert.deepEqual({ code, err }, { code: 0, err: '' })
  assert.match(out, /^ada@example\.com can sign in, as super-admin\. Account [\w-]{36}\n$/)
  assert.doesNotMatch(out, /correct/)
  const account = await verified(folder, 'ada@example.com', 'correct horse battery')
  assert.deepEqual(account?.roles, ['super-admin'])
})

test('accounts create makes up a password with --generate, and it opens the account', async (t) => {
  const { json, folder } = await aCommandLine(t)
  const { id, roles, password = '' } = await json<Created>([...ada, '--generate'])
  assert.deepEqual(roles, ['user'])
  assert.match(password, /^[\w-]{20}$/)
  assert.equal((await verified(folder, 'ada@example.com', password))?.id, id)
})

test('accounts create refuses a second account of one address, whatever its case, and ends with 1', async (t) => {
  const { run, json } = await aCommandLine(t)
  await json([...ada, '--generate'])
  const { code, out, err } = await run([...ada.slice(0, 3), 'ADA@example.com', '--name', 'Eve', '--generate'])
  assert.deepEqual({ code, out }, { code: 1, out: '' })
  assert.match(err, /ADA@example\.com has an account already/)
})

test('accounts create says what is wrong with an address, a name or a password, and never the password', async (t) => {
  const { run, here } = await aCommandLine(t)
  const [address, name, password] = await Promise.all([
    here(['accounts', 'create', '--email', 'ada', '--name', 'Ada', '--generate']),
    here(['accounts', 'create', '--email', 'ada@example.com', '--name', ' ', '--generate']),
    run(ada, 'hunter\n'),
  ])
  assert.match(address.err, /Expected an e-mail address/)
  assert.match(name.err, /Expected a name/)
  assert.match(password.err, /Expected a password of at least 8 characters/)
  assert.doesNotMatch(password.err, /hunter/)
  assert.deepEqual([address.code, name.code, password.code], [2, 2, 2])
})

test('accounts create asks twice at a terminal, and shows nothing of what is typed', async (t) => {
  const { here, folder } = await aCommandLine(t)
  const differ = await here(ada, ['correct horse battery', 'correct horse bakery'])
  assert.equal(differ.code, 2)
  assert.match(differ.err, /the two passwords differ/)
  const same = await here(ada, ['correct horse battery', 'correct horse battery'])
  assert.equal(same.code, 0)
  assert.equal(same.err, 'Password: \nOnce more: \n')
  assert.ok(await verified(folder, 'ada@example.com', 'correct horse battery'))
})

async function verified(folder: string, email: string, password: string) {
  const config = await readConfig({ SOJOURN_SECRET: 'x'.repeat(32) }, folder, 'demo')
  const { accounts, close } = await openAccounts(config)
  try {
    return await accounts.verify(email, password)
  } finally {
    await close()
  }
}
