import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseTrees, repositoryFiles } from '../scripts/source-tree.ts'
import { noCycles } from './architecture/cycles.ts'
import { filesAreNamedForWhatTheyHold, filesAreShort } from './architecture/files.ts'
import { arrowsPointDown } from './architecture/layers.ts'
import { noMachinePaths } from './architecture/machine-paths.ts'
import { exportsExist, libraryHasNoDependencies } from './architecture/manifests.ts'
import { packagesMeetAtExports } from './architecture/packages.ts'
import { coreIsPure } from './architecture/pure-core.ts'
import type { Rule } from './architecture/rule.ts'
import { noAny, noVagueNames, sharedTestsKeepTheirHooks } from './architecture/syntax.ts'

const rules: readonly Rule[] = [
  arrowsPointDown,
  packagesMeetAtExports,
  noCycles,
  coreIsPure,
  libraryHasNoDependencies,
  exportsExist,
  noAny,
  noVagueNames,
  sharedTestsKeepTheirHooks,
  filesAreShort,
  filesAreNamedForWhatTheyHold,
  noMachinePaths,
]

const trials = rules.flatMap((rule) => [
  ...Object.entries(rule.broken).map(([why, files]) => ({ rule, files, why, breaches: 1 })),
  { rule, files: rule.kept, why: 'what comes close', breaches: 0 },
])

const [repository, ...planted] = parseTrees([repositoryFiles(), ...trials.map(({ files }) => files)])

describe('the repository keeps its architecture', () => {
  for (const rule of rules) {
    test(rule.name, () => {
      assert.ok(repository)
      assert.deepEqual(rule.check(repository), [])
    })
  }

  test('the pinned Node runs it', () => assert.match(process.version, /^v24\./))

  test('no folder is empty', () => {
    assert.deepEqual(emptyFolders(''), [])
  })
})

describe('every rule can fail', () => {
  for (const [index, { rule, why, breaches }] of trials.entries()) {
    test(`${rule.name}: ${breaches === 0 ? 'keeps' : 'refuses'} ${why}`, () => {
      const tree = planted[index]
      assert.ok(tree)
      const found = rule.check(tree)
      assert.equal(found.length, breaches, found.join('\n'))
    })
  }
})

/** Folders that git would not keep, by their path from the repository's root. */
function emptyFolders(folder: string): string[] {
  const skipped = ['.git', 'node_modules', 'dist', 'data']
  const entries = readdirSync(join(import.meta.dirname, '..', folder), { withFileTypes: true })
  const kept = entries.filter(({ name }) => !skipped.includes(name))
  if (kept.length === 0) return [folder]
  return kept.filter((entry) => entry.isDirectory()).flatMap(({ name }) => emptyFolders(join(folder, name)))
}
