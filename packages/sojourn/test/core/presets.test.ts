import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { optionNames, policyOptions, resolvePolicy } from '../../src/core/policy.ts'
import type { Option } from '../../src/core/option.ts'
import { expandPolicy, layersOf, scopesOf } from '../../src/core/layers.ts'
import { type PresetName, presets } from '../../src/core/presets/index.ts'

const golden = join(import.meta.dirname, 'presets.golden.json')

/** Each preset as people read it: the install's values, and what a role or another narrowing has otherwise. */
function shown(name: PresetName): object {
  const layer = expandPolicy(name, 'policy')
  const [whole, ...narrowed] = scopesOf(layer).map((scope) => {
    const { policy } = resolvePolicy(layersOf(layer, scope, undefined))
    const texts = optionNames.map((option) => {
      const { show } = policyOptions[option] as unknown as Option<unknown>
      return [option, show(policy[option])] as const
    })
    const title = [scope.app ?? [], scope.roles, scope.method ?? []].flat().join(' ')
    return { title, values: Object.fromEntries(texts) }
  })
  const install = whole?.values ?? {}
  const narrowings = narrowed.map(({ title, values }): [string, object] => [
    title,
    Object.fromEntries(Object.entries(values).filter(([option, text]) => install[option] !== text)),
  ])
  return { install, ...Object.fromEntries(narrowings) }
}

test('the presets are what they were; UPDATE_GOLDEN=1 rewrites presets.golden.json after a wanted change', () => {
  const names = Object.keys(presets) as PresetName[]
  const now = Object.fromEntries(names.map((name) => [name, shown(name)]))
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, `${JSON.stringify(now, null, 2)}\n`)
  assert.deepEqual(now, JSON.parse(readFileSync(golden, 'utf8')))
})
