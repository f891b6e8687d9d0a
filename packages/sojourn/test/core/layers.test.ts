import assert from 'node:assert/strict'
import test from 'node:test'
import {
  expandPolicy,
  layersOf,
  type PolicyInput,
  type PolicyScope,
  scopeKey,
  scopesOf,
} from '../../src/core/layers.ts'
import { type PolicyValues, resolvePolicy } from '../../src/core/policy.ts'
import { hour, minute } from '../../src/testing/fixtures.ts'

function resolve(input: PolicyInput, scope: Partial<PolicyScope> = {}, subject?: PolicyValues) {
  const whole = { app: null, roles: [], method: null, ...scope }
  return resolvePolicy(layersOf(expandPolicy(input, 'policy'), whole, subject))
}

test('what nobody sets is the default, and says so', () => {
  const { policy, sources } = resolve({})
  assert.equal(policy.idleTimeout, 2 * hour)
  assert.deepEqual(sources.idleTimeout, { from: 'default', shown: '2h', losers: [] })
})

test('of timeouts the tightest holds, and its source says what it prevailed over', () => {
  const layer = {
    idleTimeout: '2h',
    apps: { shop: { idleTimeout: '20m' } },
    roles: { administrator: { idleTimeout: '1h' } },
    methods: { saml: { idleTimeout: '3h' } },
  } as const
  const scope = { app: 'shop', roles: ['administrator'], method: 'saml' }
  const { policy, sources } = resolve(layer, scope, { idleTimeout: '40m' })
  assert.equal(policy.idleTimeout, 20 * minute)
  assert.deepEqual(sources.idleTimeout, {
    from: 'app shop',
    shown: '20m',
    losers: [
      { from: 'install', shown: '2h' },
      { from: 'role administrator', shown: '1h' },
      { from: 'method saml', shown: '3h' },
      { from: 'subject', shown: '40m' },
    ],
  })
})

test('no limit is the loosest of all timeouts', () => {
  const layer = { absoluteTimeout: null, roles: { member: { absoluteTimeout: '1d' } } } as const
  assert.equal(resolve(layer, { roles: ['member'] }).policy.absoluteTimeout, 24 * hour)
  assert.equal(
    resolve({ absoluteTimeout: '1d' }, {}, { absoluteTimeout: null }).policy.absoluteTimeout,
    24 * hour,
  )
})

test("SLI-13 SLI-14 SLI-15 a subject's own limit prevails over the global one, in both directions", () => {
  assert.equal(resolve({ limit: 2 }, {}, { limit: 5 }).policy.limit, 5)
  assert.equal(resolve({ limit: 3 }, {}, { limit: 1 }).policy.limit, 1)
  assert.equal(resolve({ limit: 2 }, {}, { limit: 'unlimited' }).policy.limit, 'unlimited')
  assert.equal(resolve({ limit: 2 }, {}, { limit: null }).policy.limit, 2)
  assert.equal(resolve({ limit: 2 }, {}, {}).policy.limit, 2)
  assert.equal(resolve({}, {}, { limit: null }).policy.limit, 'unlimited')
})

test('SLI-18 the source of a limit says whose it is', () => {
  assert.deepEqual(resolve({ limit: 2 }, {}, { limit: 5 }).sources.limit, {
    from: 'subject',
    shown: '5',
    losers: [{ from: 'install', shown: '2' }],
  })
  assert.deepEqual(resolve({ limit: 2 }, {}, { limit: null }).sources.limit, {
    from: 'install',
    shown: '2',
    losers: [],
  })
})

test('SLI-17 the people of an integration have its limit, whatever the global one; their own prevails over both', () => {
  const layer = {
    limit: 2,
    roles: { member: { limit: 3 } },
    methods: { referer: { limit: 4 } },
    integrations: { library: { limit: 50 }, closed: { limit: 0 }, plain: {} },
  }
  const limitOf = (integration: string | null, subject?: PolicyValues) =>
    resolve(layer, { roles: ['member'], method: 'referer', integration }, subject).policy.limit
  assert.equal(limitOf('library'), 50)
  assert.equal(limitOf('closed'), 0)
  assert.equal(limitOf('library', { limit: 1 }), 1)
  assert.equal(limitOf('library', { limit: null }), 50)
  assert.equal(limitOf('plain'), 4)
  assert.equal(limitOf('toString'), 4)
  const strange = { app: 'toString', roles: ['__proto__'], method: 'valueOf', integration: 'constructor' }
  assert.equal(layersOf(expandPolicy(layer, 'policy'), strange, undefined).length, 1)
  assert.equal(limitOf(null), 4)
})

test('SLI-18 the layers in their order: install, realm, application, role, method, integration, subject', () => {
  const set = { limit: 1 }
  const layer = {
    ...set,
    realms: { shop: set },
    apps: { cms: set },
    roles: { member: set },
    methods: { saml: set },
    integrations: { library: set },
  }
  const scope = { realm: 'shop', app: 'cms', roles: ['member'], method: 'saml', integration: 'library' }
  const found = layersOf(expandPolicy(layer, 'policy'), scope, set)
  assert.deepEqual(
    found.map(({ name, path }) => `${name} at ${path}`),
    [
      'install at policy',
      'realm shop at policy.realms.shop',
      'app cms at policy.apps.cms',
      'role member at policy.roles.member',
      'method saml at policy.methods.saml',
      'integration library at policy.integrations.library',
      'subject at subjectPolicy',
    ],
  )
  assert.deepEqual(
    found.map(({ level }) => level),
    [0, 1, 2, 3, 4, 5, 6],
  )
  assert.equal(resolve(layer, scope, { limit: 9 }).sources.limit.from, 'subject')
  assert.equal(resolve({ ...layer, integrations: { library: { limit: 7 } } }, scope).policy.limit, 7)
})

test('a realm has a policy of its own, which an application of it may narrow', () => {
  const layer = {
    idleTimeout: '2h',
    limit: 5,
    realms: { staff: { idleTimeout: '20m', limit: 1 } },
    apps: { kiosk: { limit: 2 } },
  } as const
  assert.equal(resolve(layer, { realm: 'staff' }).policy.idleTimeout, 20 * minute)
  assert.equal(resolve(layer, { realm: 'staff' }).policy.limit, 1)
  assert.equal(resolve(layer, { realm: 'staff', app: 'kiosk' }).policy.limit, 2)
  assert.equal(resolve(layer, { realm: 'main' }).policy.limit, 5)
  assert.equal(resolve(layer).policy.limit, 5)
})

test('every narrowing that a layer names is a scope, so that its bad values show at construction', () => {
  const one = { x: {} }
  const layer = { realms: one, apps: one, roles: one, methods: one, integrations: one }
  const scopes = scopesOf(layer)
  assert.equal(scopes.length, 6)
  assert.equal(new Set(scopes.map(scopeKey)).size, 6)
  assert.equal(
    scopeKey({ app: null, roles: [], method: null }),
    scopeKey({ app: null, roles: [], method: null, integration: null }),
  )
})

test('of several roles the smallest limit holds, in any order', () => {
  const layer = { limit: 9, roles: { auditor: { limit: 3 }, administrator: { limit: 1 }, guest: {} } }
  for (const roles of [
    ['auditor', 'administrator', 'guest'],
    ['guest', 'administrator', 'auditor'],
  ])
    assert.equal(resolve(layer, { roles }).policy.limit, 1)
  assert.equal(resolve(layer, { roles: ['guest'] }).policy.limit, 9)
  assert.equal(resolve(layer, { roles: ['stranger', 'toString', '__proto__'] }).policy.limit, 9)
})

test('of several roles that choose, the first that the session names holds', () => {
  const layer = { roles: { a: { onExceed: 'deny' }, b: { onExceed: 'evict-oldest-inactive' } } } as const
  assert.equal(resolve(layer, { roles: ['a', 'b'] }).policy.onExceed, 'deny')
  assert.equal(resolve(layer, { roles: ['b', 'a'] }).policy.onExceed, 'evict-oldest-inactive')
})

test('JAD-32 what the application says itself prevails over its preset, name by name', () => {
  const { policy } = resolve({
    extends: 'jadu',
    idleTimeout: '5m',
    tokenCodec: 'base64url',
    formTimeout: '3m',
  })
  assert.equal(policy.idleTimeout, 5 * minute)
  assert.equal(policy.tokenCodec, 'base64url')
  assert.equal(policy.regenerateEvery, 5 * minute)
  const roles = { administrator: { idleTimeout: '10m' }, editor: { limit: 2 } } as const
  const extended = { extends: 'aurora', roles } as const
  const administrator = resolve(extended, { roles: ['administrator'] }).policy
  assert.equal(administrator.idleTimeout, 10 * minute)
  assert.equal(administrator.limit, 1, "the preset's value of the role stays")
  assert.equal(resolve(extended, { roles: ['editor'] }).policy.limit, 2)
})

test('a key that stands there without a value takes nothing from the preset', () => {
  const environment: { idleTimeout?: '5m' } = {}
  const written = { extends: 'jadu', idleTimeout: environment.idleTimeout } as unknown as PolicyInput
  assert.equal(resolve(written).policy.idleTimeout, 15 * minute)
})

test('JAD-09 two applications of one install have lengths of their own', () => {
  const layer = {
    idleTimeout: '24m',
    apps: { cms: { idleTimeout: '15m' }, frontend: { idleTimeout: '20m' } },
  } as const
  assert.equal(resolve(layer, { app: 'cms' }).policy.idleTimeout, 15 * minute)
  assert.equal(resolve(layer, { app: 'frontend' }).policy.idleTimeout, 20 * minute)
  assert.equal(resolve(layer).policy.idleTimeout, 24 * minute)
})

test('a resolved policy cannot be changed', () => {
  assert.ok(Object.isFrozen(resolve('aurora').policy))
})
