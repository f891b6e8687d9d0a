import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStorePlace, storeForms } from '../../src/stores/store-place.ts'
import { withoutPassword } from '../../src/stores/without-password.ts'

const login = { user: 'u', password: 'p' }

const good: readonly (readonly [written: string, place: object])[] = [
  ['memory:', { kind: 'memory' }],
  ['sqlite:a b.db', { kind: 'sqlite', file: 'a b.db' }],
  ['sqlite::memory:', { kind: 'sqlite', file: ':memory:' }],
  ['file:sessions', { kind: 'file', folder: 'sessions' }],
  ['file:///var/lib/s', { kind: 'file', folder: '///var/lib/s' }],
  ...['postgres', 'postgresql'].map(
    (scheme) =>
      [
        `${scheme}://u:p@h:5433/d?schema=s&prepare=false&sslmode=require`,
        { kind: 'postgres', url: 'postgres://u:p@h:5433/d?sslmode=require', schema: 's', prepare: false },
      ] as const,
  ),
  [
    'postgres://u@/d?host=%2Frun%2Fpg',
    { kind: 'postgres', url: 'postgres://u@localhost/d?host=%2Frun%2Fpg', schema: undefined, prepare: true },
  ],
  ...['mysql', 'mariadb'].map(
    (scheme) =>
      [
        `${scheme}://u:p%40%2F%23@[::1]/d%20e?tls=true`,
        {
          kind: 'mysql',
          host: '::1',
          port: 3306,
          user: 'u',
          password: 'p@/#',
          database: 'd e',
          tls: true,
        },
      ] as const,
  ),
  [
    'mysql://h:1/d',
    { kind: 'mysql', host: 'h', port: 1, user: undefined, password: undefined, database: 'd', tls: false },
  ],
  ['redis://h', { kind: 'redis', url: 'redis://h', tag: undefined, replicas: undefined }],
  [
    'rediss://u:p@h:1/3?tag=shop&replicas=2',
    { kind: 'redis', url: 'rediss://u:p@h:1/3', tag: 'shop', replicas: 2 },
  ],
  [
    'redis+cluster://u:p@a:7000,b/?tag=t',
    {
      kind: 'redis-cluster',
      urls: ['redis://a:7000', 'redis://b:6379'],
      ...login,
      tls: false,
      tag: 't',
      replicas: undefined,
    },
  ],
  [
    'rediss+cluster://[::1]:7000',
    {
      kind: 'redis-cluster',
      urls: ['rediss://[::1]:7000'],
      user: undefined,
      password: undefined,
      tls: true,
      tag: undefined,
      replicas: undefined,
    },
  ],
  ['memcached://h/?prefix=a:', { kind: 'memcached', host: 'h', port: 11_211, prefix: 'a:' }],
]

for (const [written, place] of good)
  test(`${written} is read`, () => assert.deepEqual(readStorePlace(written, 'store'), place))

const advice = /percent-encode what is special in a user or a password$/
const bad: readonly (readonly [written: unknown, says: RegExp])[] = [
  [undefined, /one of memory:, .*memcached:.*, got something without a scheme, which is not shown$/],
  [5, /without a scheme/],
  ['', /without a scheme/],
  ['hunter2', /without a scheme/],
  ['//u:hunter2@h', /without a scheme/],
  ['REDIS://u:hunter2@h', /without a scheme/],
  ['mongodb://u:hunter2@h', /one of memory:, .*, got "mongodb:…"$/],
  ['constructor://u:hunter2@h', /got "constructor:…"$/],
  ['redis+sentinel://u:hunter2@h', /got "redis\+sentinel:…"$/],
  ['memory:hunter2', /expected memory:, got memory:… with something behind it$/],
  ['sqlite:', /expected sqlite:<file>, got sqlite:… without a file$/],
  ['sqlite:hunter2\0', /without a file/],
  ['file:', /without a folder/],
  ['file://hunter2/share', /of another machine/],
  // A password that is not encoded, whatever it does to the rest.
  ['postgres://u:hunter2/x@h/d', advice],
  ['postgres://u:12/hunter2@h/d', advice],
  ['postgres://u:12?hunter2@h/d', advice],
  ['postgres://u:12#hunter2@h/d', advice],
  ['postgres://u:hunter2 x@h/d', advice],
  ['postgres://u:hunter2\n@h/d', advice],
  ['redis://u:12#hunter2@h', advice],
  ['redis://u:12/hunter2@h', advice],
  ['redis+cluster://u:12/hunter2@a,b', advice],
  ['redis+cluster://u:hunter2@a,u:hunter2@b', advice],
  ['mysql://u:12?hunter2@h/d', advice],
  ['memcached://u:12?hunter2@h', advice],
  ['postgres://u:hunter2%@h/d', /a % that begins no code; write %25 for it$/],
  ['mysql://u:hunter2%@h/d', /a % that begins no code/],
  ['redis://u:hunter2%zz@h', /a % that begins no code/],
  ['postgres:hunter2', /got postgres:… without one host$/],
  ['postgres://u:hunter2@a,b/d', /without one host$/],
  ['postgres://u:hunter2@h', /without the name of a database$/],
  ['postgres://u:hunter2@h/a/b', /without the name of a database$/],
  ['postgres://u:hunter2@h:70000/d', advice],
  ['postgres://u:hunter2@h/d?schma=hunter2', /a parameter that is not one of schema, prepare, sslmode/],
  ['postgres://u@h/d?password=hunter2', /a parameter that is not one of/],
  ['postgres://u@h/d?schema=a&schema=hunter2', /or is there twice$/],
  ['postgres://u@h/d?schema=hunter2;drop', /a schema that is no plain name$/],
  ['postgres://u@h/d?prepare=hunter2', /a prepare that is not true or false$/],
  [
    'mysql://u:hunter2@h',
    /expected mysql:\/\/user:password@host:3306\/database, got mysql:… without the name/,
  ],
  ['mysql://u:hunter2@h/d?multipleStatements=true', /a parameter that is not one of tls/],
  ['mariadb://u:hunter2@h/d?tls=yes', /got mariadb:… with a tls that is not true or false$/],
  ['redis://u:hunter2@', advice],
  ['redis://u:hunter2@h/x', /a path that is not the number of a database$/],
  ['redis://u:hunter2@h?replicas=0', /replicas that are not a number from 1 to 9$/],
  ['redis://u:hunter2@h?tag=a{b}', /a tag that is not a name/],
  ['redis://a,b', /without one host$/],
  ['redis+cluster://', advice],
  ['redis+cluster://u:hunter2@a,', advice],
  ['redis+cluster://u:hunter2@a,b/3', /a path: a cluster has one database$/],
  ['memcached://u:hunter2@h', /asks nobody for a password/],
  ['memcached://a,b', /several servers: one that comes back would bring back what was revoked meanwhile$/],
  ['memcached://h/?prefix=', /a prefix that is not 1 to 100 printable letters/],
  ['memcached://h/hunter2', /with a path$/],
]

for (const [written, says] of bad)
  test(`${String(written)
    .replaceAll('hunter2', '…')
    .replaceAll(/[\0\n]/g, ' ')} is refused, and nothing of it is shown`, () => {
    assert.throws(
      () => readStorePlace(written, 'SOJOURN_STORE'),
      (error: Error) => {
        assert.equal('code' in error && error.code, 'invalid_option')
        assert.match(error.message, /^SOJOURN_STORE: expected /)
        assert.match(error.message, says)
        assert.doesNotMatch(error.message, /hunter2|[\r\n]/)
        return true
      },
    )
  })

test('every form that a refusal shows is one that is read', () => {
  for (const [kind, form] of Object.entries(storeForms))
    assert.equal(readStorePlace(form, 'store').kind, kind)
})

test('what a client says is shown without the password, however that is spelled', () => {
  const url = 'redis://u:h%40nter2@h'
  assert.equal(withoutPassword('no h@nter2, no h%40nter2', url), 'no [redacted], no [redacted]')
  assert.equal(withoutPassword('no a%2Bb', 'redis://u:a+b@h'), 'no [redacted]', 'as a client encodes it')
  assert.equal(withoutPassword('no password', 'redis://h'), 'no password')
  assert.equal(withoutPassword('as it is', 'redis://u:@h'), 'as it is')
  assert.equal(withoutPassword('no 5%', 'mysql://u:5%@h/d'), 'no [redacted]')
  const long = withoutPassword(`${'.'.repeat(295)}h@nter2 and more`, url)
  assert.equal(long, `${'.'.repeat(295)}[reda`, 'nor half of it, where the text is cut')
})
