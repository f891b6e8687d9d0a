import assert from 'node:assert/strict'
import { writeFile, stat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readConfig } from '../src/config.ts'
import { createServer } from '../src/server.ts'
import { aFolder, secret } from './a-server.ts'

const env = { SOJOURN_SECRET: secret }

async function withFile(t: TestContext, text: string): Promise<string> {
  const folder = await aFolder(t)
  await writeFile(join(folder, 'sojourn.config.ts'), `export default ${text}`)
  return folder
}

test('without a file and variables the settings are those of the documentation', async (t) => {
  const folder = await aFolder(t)
  const config = await readConfig(env, folder, 'serve')
  assert.deepEqual(config, {
    mode: 'serve',
    port: 4000,
    host: undefined,
    url: 'http://localhost:4000',
    data: join(folder, 'data'),
    store: `sqlite:${join(folder, 'data', 'sessions.db')}`,
    cache: null,
    database: `sqlite:${join(folder, 'data', 'server.db')}`,
    secret: [secret],
    trustProxy: 0,
    applications: [],
    policy: 'stay-logged-in',
    freshness: 12 * 3_600_000,
    stepUp: 600_000,
    smtp: undefined,
    mailFrom: 'no-reply@localhost',
    webhookNetworks: [],
    geo: undefined,
    metrics: 'off',
    logLevel: 'info',
    signup: true,
    globalLogoutField: 'global_logout',
    globalLogoutLabel: 'Logout all Logged In Sessions?',
    inactiveSentence: 'This session has been logged out',
    loginPath: '/login',
    clearSiteData: ['cache', 'cookies', 'storage'],
    unknownVariables: [],
  })
})

test('the environment prevails over the file, the file over the defaults', async (t) => {
  const folder = await withFile(
    t,
    `{ port: 5000, data: 'd', policy: { idleTimeout: '20m' }, freshness: '1h' }`,
  )
  const config = await readConfig({ ...env, PORT: '6000', SOJOURN_URL: 'https://a.example' }, folder, 'serve')
  assert.equal(config.port, 6000)
  assert.equal(config.url, 'https://a.example')
  assert.equal(config.store, `sqlite:${join(folder, 'd', 'sessions.db')}`)
  assert.deepEqual(config.policy, { idleTimeout: '20m' })
  assert.equal(config.freshness, 3_600_000)
})

const bad: readonly (readonly [name: string, value: string, says: RegExp])[] = [
  ['PORT', '70000', /^PORT: expected a port from 0 to 65535, got "70000"$/],
  ['PORT', '80x', /^PORT: expected a port/],
  [
    'SOJOURN_URL',
    'login.example.com',
    /^SOJOURN_URL: expected an origin such as .*, got "login.example.com"$/,
  ],
  ['SOJOURN_URL', 'https://a.example/login', /^SOJOURN_URL: expected an origin/],
  ['SOJOURN_URL', 'ftp://a.example', /^SOJOURN_URL: expected an origin/],
  ['SOJOURN_STORE', 'mongodb://u:hunter2@h', /^SOJOURN_STORE: expected one of memory:.*, got "mongodb:…"$/],
  [
    'SOJOURN_STORE',
    'sessions.db',
    /^SOJOURN_STORE: expected one of memory:.*, got something without a scheme/,
  ],
  [
    'SOJOURN_CACHE',
    '19ms',
    /^SOJOURN_CACHE: expected off, or how late a revocation may be seen, .*, got "19ms"$/,
  ],
  ['SOJOURN_CACHE', '60001ms', /^SOJOURN_CACHE: expected off, or how late .* to '1m'/],
  ['SOJOURN_CACHE', 'on', /^SOJOURN_CACHE: expected off/],
  [
    'SOJOURN_DATABASE',
    'mysql://u:hunter2@h',
    /^SOJOURN_DATABASE: expected sqlite:<file> or postgres:.*, got "mysql:…"$/,
  ],
  ['SOJOURN_TRUST_PROXY', 'yes', /^SOJOURN_TRUST_PROXY: expected how many proxies/],
  ['SOJOURN_POLICY', 'auroa', /^SOJOURN_POLICY: expected one of .*aurora, .*, got "auroa"$/],
  ['SOJOURN_FRESHNESS', '12 hours', /^SOJOURN_FRESHNESS: expected a duration such as '12h', got "12 hours"$/],
  ['SOJOURN_STEP_UP', '0m', /^SOJOURN_STEP_UP: expected a duration such as '10m', got "0m"$/],
  [
    'SOJOURN_SMTP',
    'https://u:hunter2@h',
    /^SOJOURN_SMTP: expected the address of a mail server such as smtps:.*, got something else, which is not shown$/,
  ],
  ['SOJOURN_SMTP', 'hunter2', /^SOJOURN_SMTP: expected the address of a mail server/],
  ['SOJOURN_SMTP', 'smtp://', /^SOJOURN_SMTP: expected the address of a mail server/],
  ['SOJOURN_MAIL_FROM', 'nobody', /^SOJOURN_MAIL_FROM: expected an e-mail address such as/],
  [
    'SOJOURN_MAIL_FROM',
    'A <a@b.example>\nBcc: c@d.example',
    /^SOJOURN_MAIL_FROM: expected an e-mail address/,
  ],
  [
    'SOJOURN_CLEAR_SITE_DATA',
    'cache,cokies',
    /^SOJOURN_CLEAR_SITE_DATA: expected some of cache, cookies, storage, or none, got "cache,cokies"$/,
  ],
  ['SOJOURN_SIGNUP', 'no', /^SOJOURN_SIGNUP: expected true or false, got "no"$/],
]
for (const [name, value, says] of bad)
  test(`${name}=${value.replace(/:.*@/, '://')} is refused at the start`, async (t) => {
    const folder = await aFolder(t)
    await assert.rejects(readConfig({ ...env, [name]: value }, folder, 'serve'), (error: Error) => {
      assert.match(error.message, says)
      assert.doesNotMatch(error.message, /hunter2/)
      return true
    })
  })

test('the cache is off unless its bound is said, from 20 milliseconds to a minute', async (t) => {
  const folder = await aFolder(t)
  for (const [written, cache] of [
    ['20ms', 20],
    ['2s', 2_000],
    ['1m', 60_000],
    ['off', null],
  ] as const)
    assert.equal((await readConfig({ ...env, SOJOURN_CACHE: written }, folder, 'serve')).cache, cache)
})

test('a folder of sessions stands relative to the folder of the start, as a file of SQLite does', async (t) => {
  const folder = await aFolder(t)
  for (const [written, store] of [
    ['file:s', `file:${join(folder, 's')}`],
    ['file:///s', 'file:/s'],
    ['sqlite:s.db', `sqlite:${join(folder, 's.db')}`],
  ] as const)
    assert.equal((await readConfig({ ...env, SOJOURN_STORE: written }, folder, 'serve')).store, store)
})

test('a demo leaves the cookies alone at a sign-out: localhost shares them with all that a developer runs there', async (t) => {
  const folder = await aFolder(t)
  assert.deepEqual((await readConfig(env, folder, 'demo')).clearSiteData, ['cache', 'storage'])
  const written = { ...env, SOJOURN_CLEAR_SITE_DATA: 'cookies' }
  assert.deepEqual((await readConfig(written, folder, 'demo')).clearSiteData, ['cookies'])
})

test('a secret that is too short is refused, and never shown', async (t) => {
  const folder = await aFolder(t)
  for (const written of ['hunter2', `${secret},hunter2`, `${secret},${secret},${secret}`])
    await assert.rejects(readConfig({ SOJOURN_SECRET: written }, folder, 'serve'), (error: Error) => {
      assert.match(error.message, /^SOJOURN_SECRET: expected 32 or more characters/)
      assert.doesNotMatch(error.message, /hunter2|secret-of/)
      return true
    })
  const { secret: pair } = await readConfig(
    { SOJOURN_SECRET: `${secret},the previous ${secret}` },
    folder,
    'serve',
  )
  assert.deepEqual(pair, [secret, `the previous ${secret}`])
})

test('a secret that nobody has drawn at random is refused in production, with what to do, and never shown', async (t) => {
  const folder = await aFolder(t)
  const weak = [
    ['a'.repeat(32), /got one with 1 different characters/],
    ['abcdefg'.repeat(5), /got one with 7 different characters/],
    [`${secret},${'p'.repeat(40)}`, /got one with 1 different characters/],
    ['change-me-'.repeat(4), /got one with 7|got one that repeats itself/],
    ['correct-horse-battery-staple-'.repeat(2), /got one that repeats itself/],
  ] as const
  for (const [written, says] of weak)
    await assert.rejects(readConfig({ SOJOURN_SECRET: written }, folder, 'serve'), (error: Error) => {
      assert.match(error.message, /^SOJOURN_SECRET: expected random characters \(openssl rand -base64 32/)
      assert.match(error.message, says)
      assert.doesNotMatch(error.message, /aaaa|abcd|pppp|change-me|horse/)
      return true
    })
  for (const good of [`${'abcdefgh'.repeat(4)}x`, 'abcdefabcdef0123456789abcdef0123'])
    assert.deepEqual((await readConfig({ SOJOURN_SECRET: good }, folder, 'serve')).secret, [good])
})

test('an unknown key of the file is refused, with what there is', async (t) => {
  const folder = await withFile(t, `{ prot: 5000 }`)
  await assert.rejects(
    readConfig(env, folder, 'serve'),
    /^SessionError: sojourn\.config\.ts: prot: expected one of port, host, /,
  )
})

test('a bad value of the file is refused with its key', async (t) => {
  const folder = await withFile(t, `{ trustProxy: true }`)
  await assert.rejects(
    readConfig(env, folder, 'serve'),
    /sojourn\.config\.ts: trustProxy: expected how many .*, got true/,
  )
  const none = await withFile(t, `5`)
  await assert.rejects(
    readConfig(env, none, 'serve'),
    /sojourn\.config\.ts: expected export default defineConfig/,
  )
})

test('a file that does not load is named, with what is wrong in it', async (t) => {
  for (const [text, says] of [
    ['{', /^sojourn\.config\.ts: expected a module that loads, got .*token/i],
    [
      'await import("./none.ts")',
      /^sojourn\.config\.ts: expected a module that loads, got Cannot find module/,
    ],
    ['fail(); function fail() { throw new Error("boom") }', /^sojourn\.config\.ts: .*, got boom$/],
  ] as const)
    await assert.rejects(readConfig(env, await withFile(t, text), 'serve'), {
      code: 'invalid_option',
      message: says,
    })
})

test('a bad policy is refused before anything listens', async (t) => {
  const folder = await withFile(t, `{ policy: { idleTimeout: 'soon' } }`)
  const config = await readConfig(
    { ...env, SOJOURN_STORE: 'memory:', SOJOURN_DATABASE: 'sqlite::memory:' },
    folder,
    'serve',
  )
  const quiet = { debug() {}, info() {}, warn() {}, error() {} }
  await assert.rejects(
    createServer(config, { log: quiet }),
    /policy\.idleTimeout: expected a duration .*, got "soon"/,
  )
})

test('in production a missing secret and a bare http origin are refused, each with what to do', async (t) => {
  const folder = await aFolder(t)
  await assert.rejects(
    readConfig({}, folder, 'serve'),
    /SOJOURN_SECRET: expected .*openssl rand -base64 32.*, got nothing/,
  )
  for (const url of [
    'http://login.example.com',
    'http://localhost.evil.example',
    'http://127.evil.example',
    'http://10.0.0.1',
  ])
    await assert.rejects(
      readConfig({ ...env, SOJOURN_URL: url }, folder, 'serve'),
      /SOJOURN_URL: expected an https origin.*SOJOURN_TRUST_PROXY=1.*, got "http:/,
    )
  for (const url of [
    'http://localhost:4000',
    'http://127.0.0.1:4000',
    'http://[::1]:4000',
    'http://a.localhost',
    'https://a.example',
  ])
    assert.equal((await readConfig({ ...env, SOJOURN_URL: url }, folder, 'serve')).url, url)
})

test('a demo makes its secret once and keeps it for its owner alone', async (t) => {
  const folder = await aFolder(t)
  const first = await readConfig({}, folder, 'demo')
  const second = await readConfig({}, folder, 'demo')
  assert.deepEqual(second.secret, first.secret)
  assert.ok((first.secret[0] ?? '').length >= 32)
  const path = join(folder, 'data', 'demo-secret')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal(await readFile(path, 'utf8'), first.secret[0])
  const elsewhere = await readConfig({}, await aFolder(t), 'demo')
  assert.notDeepEqual(elsewhere.secret, first.secret)
})

test('the documentation names every setting and every variable', async () => {
  const text = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')
  const code = await readFile(join(import.meta.dirname, '../src/config/options.ts'), 'utf8')
  const variables = [...code.matchAll(/variable: '(\w+)'/g)].map(([, name = '']) => name)
  assert.ok(variables.length > 10)
  const { mode: _, unknownVariables: __, ...config } = await readConfig(env, import.meta.dirname, 'serve')
  for (const name of [...variables, ...Object.keys(config)]) assert.ok(text.includes(`\`${name}\``), name)
})
