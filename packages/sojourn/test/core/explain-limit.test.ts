import assert from 'node:assert/strict'
import test from 'node:test'
import { explainLimit } from '../../src/core/explain-limit.ts'
import { expandPolicy, layersOf, type PolicyInput, type PolicyScope } from '../../src/core/layers.ts'
import { type PolicyValues, resolvePolicy } from '../../src/core/policy.ts'

function explained(input: PolicyInput, scope: Partial<PolicyScope> = {}, subject?: PolicyValues) {
  const whole = { app: null, roles: [], method: null, ...scope }
  return explainLimit(resolvePolicy(layersOf(expandPolicy(input, 'policy'), whole, subject)))
}

test('SLI-18 the effective limit, its source and what it prevailed over', () => {
  assert.deepEqual(explained({ limit: 2, onExceed: 'deny' }, {}, { limit: 5 }), {
    limit: 5,
    onExceed: 'deny',
    source: 'subject',
    setAside: [{ from: 'install', shown: '2' }],
    sentence: 'At most 5 sessions, set for this person; this prevails over 2 for everybody.',
  })
  const layer = { limit: 2, integrations: { 'City Library': { limit: 0 } } }
  const closed = explained(layer, { integration: 'City Library' })
  assert.equal(closed.source, 'integration City Library')
  assert.equal(
    closed.sentence,
    'May not log in: no session at all, set for the people of the integration City Library; this prevails over 2 for everybody.',
  )
})

test('SLI-18 a sentence for each source', () => {
  const one = { x: { limit: 1 } }
  for (const [layer, scope, sentence] of [
    [{}, {}, 'Any number of sessions, since nobody has set a limit.'],
    [{ limit: 'unlimited' }, {}, 'Any number of sessions, set for everybody.'],
    [{ roles: one }, { roles: ['x'] }, 'One session, set for the role x.'],
    [{ methods: one }, { method: 'x' }, 'One session, set for the login method x.'],
    [{ apps: one }, { app: 'x' }, 'One session, set for the application x.'],
    [{ realms: one }, { realm: 'x' }, 'One session, set for the realm x.'],
  ] as const)
    assert.equal(explained(layer, scope).sentence, sentence)
})
