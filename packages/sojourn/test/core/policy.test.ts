import assert from 'node:assert/strict'
import test from 'node:test'
import type { PolicyInput } from '../../src/core/layers.ts'
import { optionNames, policyOptions } from '../../src/core/policy.ts'
import { SessionError } from '../../src/core/errors.ts'
import { Policies } from '../../src/engine/policies.ts'

/** As JavaScript, or a configuration file, may write it. */
const refusals: readonly (readonly [written: unknown, message: string])[] = [
  [
    { idleTimeout: 'soon' },
    `policy.idleTimeout: expected a duration such as '30m', or null for no limit, got "soon"`,
  ],
  [
    { idleTimeout: -1 },
    `policy.idleTimeout: expected a duration such as '30m', or null for no limit, got -1`,
  ],
  [
    { idleTimeout: 0 },
    `policy.idleTimeout: expected a duration such as '30m', or null for no limit, above zero, got 0`,
  ],
  [{ storeTimeout: '0s' }, `policy.storeTimeout: expected a duration such as '30m', above zero, got "0s"`],
  [{ retention: null }, `policy.retention: expected a duration such as '30m', got null`],
  [{ touchEvery: null }, `policy.touchEvery: expected a duration such as '30s', or 'auto', got null`],
  [
    { idleTimeOut: '5m' },
    'policy.idleTimeOut: expected an option (idleTimeout, idleTimeoutMax), got "idleTimeOut"',
  ],
  [{ limit: -1 }, "policy.limit: expected a whole number from 0, 'unlimited', or null to inherit, got -1"],
  [{ limit: 1.5 }, "policy.limit: expected a whole number from 0, 'unlimited', or null to inherit, got 1.5"],
  [{ limit: '3' }, `policy.limit: expected a whole number from 0, 'unlimited', or null to inherit, got "3"`],
  [
    { limit: false },
    "policy.limit: expected a whole number from 0, 'unlimited', or null to inherit, got false",
  ],
  [
    { onExceed: 'evict' },
    'policy.onExceed: expected one of evict-oldest-inactive, deny, ask-user, got "evict"',
  ],
  [{ cookiePersistent: 'yes' }, 'policy.cookiePersistent: expected true or false, got "yes"'],
  [{ cookieName: 'a b' }, `policy.cookieName: expected 1 to 64 letters, digits, '_' or '-', got "a b"`],
  [{ cookieSameSite: 'none' }, 'policy.cookieSameSite: expected one of lax, strict, got "none"'],
  [
    { roles: { administrator: { limit: 'many' } } },
    `policy.roles.administrator.limit: expected a whole number from 0, 'unlimited', or null to inherit, got "many"`,
  ],
  [
    { apps: { shop: { idle: '1m' } } },
    'policy.apps.shop.idle: expected an option (idleTimeout, idleTimeoutMax), got "idle"',
  ],
  [{ methods: { saml: null } }, 'policy.methods.saml: expected an object of options, got null'],
  [{ roles: ['administrator'] }, 'policy.roles: expected an object of names and their options, got an array'],
  [
    'Aurora',
    'policy: expected one of aal1, aal2, aal3, aurora, jadu, oidc, rodauth, stay-logged-in, got "Aurora"',
  ],
  [
    { extends: 'toString' },
    'policy.extends: expected one of aal1, aal2, aal3, aurora, jadu, oidc, rodauth, stay-logged-in, got "toString"',
  ],
  [null, "policy: expected a preset's name or a layer, got null"],
  [5, "policy: expected a preset's name or a layer, got 5"],
  [
    { idleTimeout: '30m', idleTimeoutMax: '24m' },
    'policy.idleTimeout: expected at most idleTimeoutMax, 24m, got "30m"',
  ],
  [
    { idleTimeout: null, idleTimeoutMax: '24m' },
    'policy.idleTimeout: expected at most idleTimeoutMax, 24m, got "no limit"',
  ],
  [
    { idleTimeout: '10m', formTimeout: '10m' },
    `policy.formTimeout: expected less than the session's idle time of 10m, got "10m"`,
  ],
  [
    { extends: 'jadu', formTimeout: '24m' },
    `policy.formTimeout: expected less than the session's idle time of 24m, got "24m"`,
  ],
  [
    { idleTimeout: '10m', touchEvery: '301s' },
    'policy.touchEvery: expected at most half of idleTimeout, 10m, got "5m1s"',
  ],
  [
    { guestIdleTimeout: '1m', touchEvery: '31s' },
    'policy.touchEvery: expected at most half of guestIdleTimeout, 1m, got "31s"',
  ],
  [
    { cookieDomain: 'example.com' },
    `policy.cookieDomain: expected null, since __Host-Http- names belong to one host (or cookiePrefix '__Secure-'), got "example.com"`,
  ],
  [
    { cookieDomain: 'example.com', cookiePrefix: '__Host-' },
    `policy.cookieDomain: expected null, since __Host- names belong to one host (or cookiePrefix '__Secure-'), got "example.com"`,
  ],
  [{ cookieDomain: 'a;b' }, 'policy.cookieDomain: expected a domain such as example.com, or null, got "a;b"'],
  [
    { cookieTls: false },
    `policy.cookiePrefix: expected 'none', since __Host-Http- names demand Secure, got "__Host-Http-"`,
  ],
  [
    { idleTimeout: '1h', roles: { brief: { idleTimeout: '5m', formTimeout: '6m' } } },
    `policy.roles.brief.formTimeout: expected less than the session's idle time of 5m, got "6m"`,
  ],
]

for (const [written, message] of refusals)
  test(`refused: ${JSON.stringify(written)}`, () => {
    assert.throws(
      () => new Policies(written as PolicyInput),
      (error) => {
        assert.ok(error instanceof SessionError)
        assert.equal(error.message, message)
        assert.equal(error.code, 'invalid_option')
        return true
      },
    )
  })

test('JAD-16 a form may take nearly as long as the session', () => {
  assert.equal(new Policies({ idleTimeout: '10m', formTimeout: 599_999 }).base.formTimeout, 599_999)
})

test('R-31 a shared domain goes with a prefix that allows it', () => {
  const { base } = new Policies({ cookieDomain: 'example.com', cookiePrefix: '__Secure-' })
  assert.equal(base.cookieDomain, 'example.com')
})

test('a message shows what was written, but not what an object holds, and not without end', () => {
  const got = (idleTimeout: unknown): string => {
    try {
      return new Policies({ idleTimeout } as unknown as PolicyInput).base.cookieName
    } catch (error) {
      return error instanceof Error ? (error.message.split('got ')[1] ?? '') : ''
    }
  }
  const cyclic: Record<string, unknown> = { password: 'hunter2' }
  cyclic['self'] = cyclic
  assert.equal(got(cyclic), 'an object')
  assert.equal(got([1, 2]), 'an array')
  assert.equal(got(10n), '10')
  assert.equal(got(Symbol('x')), 'Symbol(x)')
  assert.equal(
    got(() => 1),
    'a function',
  )
  assert.equal(got('x'.repeat(1000)).length, 78)
})

test('a name that resembles nothing is answered with all of them', () => {
  assert.throws(() => new Policies({ zzz: 1 } as unknown as PolicyInput), new RegExp(optionNames.join(', ')))
})

test('R-17 every option has a sentence for a reference', () => {
  for (const name of optionNames) assert.match(policyOptions[name].says, /^[A-Z'].{20,}\.$/, name)
})

test('SLI-04 a layer that forbids remembering is not overruled by one that allows it', () => {
  const install = { rememberFor: '30d', roles: { administrator: { rememberFor: null } } } as const
  const scope = { app: null, method: null }
  const { policy, sources } = new Policies(install).resolve({ ...scope, roles: ['administrator'] })
  assert.equal(policy.rememberFor, null)
  assert.deepEqual(sources.rememberFor, {
    from: 'role administrator',
    shown: 'never',
    losers: [{ from: 'install', shown: '30d' }],
  })
  const closed = { rememberFor: null, roles: { administrator: { rememberFor: '7d' } } } as const
  assert.equal(new Policies(closed).resolve({ ...scope, roles: ['administrator'] }).policy.rememberFor, null)
})
