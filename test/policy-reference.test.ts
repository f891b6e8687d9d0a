import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import { policyReference, referencePath } from '../scripts/policy-reference.ts'

test('R-17 R-26 the policy reference names every timeout and limit with its default, as the code reads them', async () => {
  assert.equal(
    await readFile(referencePath, 'utf8'),
    policyReference(),
    'run: node scripts/policy-reference.ts',
  )
})
