import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { commands } from '../src/commands/index.ts'
import { aCommandLine } from './command-line.ts'

const wide = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))
const high = (text: string): number => text.trimEnd().split('\n').length

test('help fits a screen of 80 by 24, for all commands and for each', async (t) => {
  const { here } = await aCommandLine(t)
  const asked = [['help'], ...commands.map(({ name }) => [...name.split(' '), '--help'])]
  for (const { code, out, err } of await Promise.all(asked.map((args) => here(args)))) {
    assert.equal(code, 0)
    assert.equal(err, '')
    assert.match(out, /^Usage: sojourn /)
    assert.ok(wide(out) <= 80, `${wide(out)} columns:\n${out}`)
    assert.ok(high(out) <= 24, `${high(out)} lines:\n${out}`)
  }
})

test('help names every command; help of one command is the same however it is asked for', async (t) => {
  const { run, here } = await aCommandLine(t)
  const [help, dashed, one, other] = await Promise.all([
    run(['help']),
    here(['--help']),
    here(['help', 'sessions', 'list']),
    here(['sessions', 'list', '--help']),
  ])
  assert.equal(help.code, 0)
  assert.equal(dashed.out, help.out)
  for (const { name } of commands) {
    const [first = '', second = ''] = name.split(' ')
    assert.match(help.out, new RegExp(`^  ${first} .*${second}`, 'm'), name)
  }
  assert.equal(one.out, other.out)
})

test('the help of a word that begins several commands lists them', async (t) => {
  const { here } = await aCommandLine(t)
  const words = new Set(
    commands.map(({ name }) => name.split(' ')).flatMap(([word, second]) => (second ? [word] : [])),
  )
  assert.ok(words.size > 2)
  for (const word of words) {
    const asked = [
      ['help', word],
      [word, '--help'],
      [word, '-h'],
    ] as string[][]
    const [help, ...others] = await Promise.all(asked.map((args) => here(args)))
    assert.deepEqual({ code: help?.code, err: help?.err }, { code: 0, err: '' })
    for (const { name, says } of commands)
      assert.equal(help?.out.includes(says), name.startsWith(`${word} `), `${word}: ${name}`)
    for (const other of others) assert.equal(other.out, help?.out)
  }
})

test('help names every variable that overrides a setting', async (t) => {
  const { out } = await (await aCommandLine(t)).here(['help'])
  const code = await readFile(new URL('../../server/src/config/options.ts', import.meta.url), 'utf8')
  const written = [...code.matchAll(/variable: '(\w+)'/g)].map(([, name = '']) => name)
  assert.ok(written.length > 10)
  for (const name of written) assert.match(out, new RegExp(`\\b${name}\\b`))
})

test('--version tells which one this is', async (t) => {
  const { run } = await aCommandLine(t)
  const read = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(read) as { readonly version: string }
  assert.deepEqual(await run(['--version']), { code: 0, out: `sojourn ${version}\n`, err: '' })
})

const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [[], /expected a command; 'sojourn help' lists them/],
  [['sesions', 'list'], /unknown command "sesions"; did you mean 'sojourn sessions list'\?/],
  [['sessions', 'sho'], /unknown command "sessions sho"; did you mean 'sojourn sessions show'\?/],
  [['sessions'], /expected one of: sojourn sessions list, sojourn sessions show, sojourn sessions end/],
  [['help', 'frobnicate'], /unknown command "frobnicate"/],
  [['help', 'sessions', 'sho'], /did you mean 'sojourn sessions show'\?/],
  [['demo', '--port', '99999'], /--port: expected a whole number from 0 to 65535, got 99999/],
  [['serve', '--port', 'x'], /--port: expected a whole number from 0 to 65535, got x/],
  [['frobnicate'], /unknown command "frobnicate"; 'sojourn help' lists the commands/],
  [['sessions', 'list', '--subjct', 'x'], /unknown option --subjct; did you mean --subject\?/],
  [['sessions', 'list', '-s'], /unknown option -s/],
  [['sessions', 'list', '--limit'], /--limit needs a value: --limit=N/],
  [['sessions', 'list', '--limit', '0'], /--limit: expected a whole number from 1 to 1000, got 0/],
  [['sessions', 'list', '--limit', '1e3'], /--limit: expected a whole number/],
  [['sessions', 'list', '--state', 'lve'], /--state: got lve; did you mean live\?/],
  [['sessions', 'list', '--reason', 'x'], /--reason: got x; one of idle_timeout, /],
  [['sessions', 'list', '--json=yes'], /--json takes no value, got yes/],
  [['sessions', 'show'], /expected the ID of a session/],
  [['sessions', 'show', 'a', 'b'], /unexpected "b"/],
  [['sessions', 'end', '--yes'], /expected either the ID of a session or --subject/],
  [['sessions', 'end', 'a', '--subject', 'b', '--yes'], /expected either the ID of a session or --subject/],
  [['sessions', 'end', 'a'], /nobody can be asked here: add --yes/],
  [['accounts', 'create', '--name', 'Ada'], /expected --email and --name/],
  [
    ['accounts', 'create', '--email', 'a@b.example', '--name', 'A', '--role', 'user', '--role', 'admn'],
    /--role: got admn/,
  ],
  [
    ['accounts', 'create', '--email', 'a@b.example', '--name', 'A'],
    /expected a password on standard input, or --generate/,
  ],
]

for (const [args, says] of wrong)
  test(`usage: sojourn ${args.join(' ')}`, async (t) => {
    const { code, out, err } = await (await aCommandLine(t)).here(args)
    assert.match(err, says)
    assert.equal(code, 2)
    assert.equal(out, '')
  })

test('an unknown command ends the process with 2 and one line', async (t) => {
  const { run } = await aCommandLine(t)
  const { code, out, err } = await run(['servr'])
  assert.deepEqual({ code, out }, { code: 2, out: '' })
  assert.equal(err, `sojourn: unknown command "servr"; did you mean 'sojourn serve'?\n`)
})

test('an error is JSON too where JSON was asked for', async (t) => {
  const { here } = await aCommandLine(t)
  const { code, out, err } = await here(['sessions', 'list', '--json', '--bogus'])
  assert.equal(code, 2)
  assert.equal(out, '')
  assert.equal((JSON.parse(err) as { error: { code: string } }).error.code, 'usage')
})
