import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSessions, type SessionsOptions } from '../../src/index.ts'
import { memory } from '../../src/stores/memory.ts'

const refused: readonly (readonly [options: object | undefined, says: RegExp])[] = [
  [undefined, /^options: expected an object, such as \{ store: memory\(\) \}, got nothing$/],
  [{ secrets: 'hunter2' }, /^secrets: expected an option \(secret\), got "secrets"$/],
  [
    { idleTimeout: '5m' },
    /^idleTimeout: expected nothing: it is an option of the policy, policy\.idleTimeout,/,
  ],
  [{ expiresheader: true }, /^expiresheader: expected an option \(expiresHeader\)/],
  [{ zeal: undefined }, /^zeal: expected an option \(store, policy, realm, secret, /],
  [{ constructor: 1 }, /^constructor: expected an option/],
]

for (const [options, says] of refused)
  test(`an option that nobody would read is refused: ${options && Object.keys(options).join()}`, () => {
    const given = options && { store: memory(), ...options }
    assert.throws(
      () => createSessions(given as SessionsOptions),
      (error) => {
        assert.ok(error instanceof Error && 'code' in error)
        assert.equal(error.code, 'invalid_option')
        assert.match(error.message, says)
        assert.doesNotMatch(error.message, /hunter2/)
        return true
      },
    )
  })

test('every option is taken, and a symbol too', async () => {
  const auth = createSessions({
    store: memory(),
    policy: 'stay-logged-in',
    realm: 'main',
    secret: 'a secret of thirty-two characters',
    subjectPolicy: () => undefined,
    subjectIntegration: () => undefined,
    merge: {},
    onEvent: [],
    onError: () => {},
    sweepEvery: null,
    clock: { now: () => 0, after: () => () => {} },
    random: (size: number) => new Uint8Array(size),
    loginPath: '/login',
    trustProxy: 0,
    refuseCrossSite: true,
    acceptCrossSite: () => false,
    activity: [],
    expiresHeader: true,
    onLoginRequired: () => undefined,
    serveWithoutStore: () => false,
    onWarning: () => {},
    [Symbol('danger')]: true,
  } as unknown as SessionsOptions)
  await auth.close()
})
