import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from './a-server.ts'
import { aCommandLine } from './command-line.ts'

interface Issued {
  readonly key: { readonly id: string; readonly state: string }
  readonly secret: string
}

const create = ['keys', 'create', '--name=Shop', '--scope=introspect', '--scope=introspect:reason']

test('R-75 a key that the command line makes, replaces and revokes is that to a server which runs meanwhile', async (t) => {
  const line = await aCommandLine(t)
  const server = await aServer(line)
  const status = async (secret: string) => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ token: 'x' })
    return (await fetch(`${server.origin}/api/v1/introspect`, { method: 'POST', headers, body })).status
  }
  const { key, secret } = await line.json<Issued>([...create, '--expires=90d', '--rate=60'])
  assert.partialDeepStrictEqual(key, {
    name: 'Shop',
    state: 'good',
    scopes: ['introspect', 'introspect:reason'],
    rate: 60,
    created_by: null,
  })
  assert.equal(await status(secret), 200)
  const { secret: second } = await line.json<Issued>(['keys', 'rotate', key.id])
  assert.deepEqual([await status(secret), await status(second)], [200, 200])
  const { secret: third } = await line.json<Issued>(['keys', 'rotate', key.id, '--overlap=0s'])
  assert.deepEqual([await status(secret), await status(second), await status(third)], [401, 401, 200])
  const listed = await line.run(['keys', 'list', '--json'])
  const { keys } = JSON.parse(listed.out) as { readonly keys: readonly Issued['key'][] }
  assert.deepEqual(
    keys.map(({ id, state }) => [id, state]),
    [[key.id, 'good']],
  )
  assert.doesNotMatch(listed.out, /[0-9a-f]{64}/)
  assert.deepEqual(await line.json(['keys', 'revoke', key.id, '--yes']), { revoked: key.id })
  assert.equal(await status(third), 401)
  assert.equal(await server.stop(), 0)
})

test('a key is printed alone, so that it can be piped; who revokes one is asked', async (t) => {
  const line = await aCommandLine(t)
  await line.json(['accounts', 'create', '--email=a@b.example', '--name=A'], 'correct horse battery\n')
  const made = await line.here(create)
  assert.match(made.out, /^sjk_[0-9a-f]{16}_[0-9a-f]{64}\n$/)
  assert.match(made.err, /not shown again/)
  const id = made.out.slice(4, 20)
  assert.match((await line.here(['keys', 'list'])).out, new RegExp(`^${id}  good  Shop\n`))
  const rotated = await line.here(['keys', 'rotate', id])
  assert.match(rotated.out, /^sjk_[0-9a-f]{16}_[0-9a-f]{64}\n$/)
  assert.match(rotated.err, /The old one works until/)
  const declined = await line.here(['keys', 'revoke', id], ['n'])
  assert.deepEqual([declined.code, /Shop/.test(declined.err)], [1, true])
  assert.equal((await line.here(['keys', 'revoke', id], ['y'])).code, 0)
  assert.equal((await line.here(['keys', 'rotate', id])).code, 1)
})

test('a key is made of what was meant, or not at all', async (t) => {
  const line = await aCommandLine(t)
  for (const [args, says] of [
    [['keys', 'create'], /expected --name and --scope/],
    [
      ['keys', 'create', '--name=Shop', '--scope=introspct'],
      /--scope: got introspct; did you mean introspect\?/,
    ],
    [[...create, '--expires=soon'], /--expires: expected a span/],
    [[...create, '--expires=0s'], /--expires: expected a span/],
    [[...create, '--rate=0'], /--rate: expected a whole number/],
    [['keys', 'create', '--name=a\u0007', '--scope=introspect'], /--name: expected/],
    [['keys', 'rotate'], /expected the ID of a key/],
    [['keys', 'rotate', 'x', '--overlap=31d'], /--overlap: expected a span of at most 30d/],
    [['keys', 'revoke', 'x'], /nobody can be asked here: add --yes/],
  ] as const) {
    const { code, err, out } = await line.here(args)
    assert.match(err, says)
    assert.deepEqual([code, out], [2, ''])
  }
})
