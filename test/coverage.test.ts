import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  readRequirements,
  requirementsIn,
  strayed,
  withStates,
  type Requirement,
} from '../scripts/requirements.ts'
import { parseTrees, repositoryFiles } from '../scripts/source-tree.ts'
import { titlesIn, type Title } from '../scripts/test-titles.ts'

const planted = {
  'test/a.test.ts': [
    // Put together here, so that this file names no requirement by accident.
    `test('${number('AUR', 5)}, ${number('R', 11)} a malformed token', () => {})`,
    `describe(\`${number('SLI', 2)} valid at \${t}\`, () => { it('${number('JAD', 1)} nested', () => {}) })`,
    `test.skip('${number('ROD', 1)} skipped', () => {})`,
    `// test('${number('ROD', 2)} in a comment', () => {})`,
    `const said = "test('${number('ROD', 3)} in a string')"`,
    `log('${number('ROD', 4)} in another call')`,
    `const laws = { async '${number('A', 1)} a law'(store) {}, '${number('A', 2)} no law': 1 }`,
    `const rows = [['${number('A', 3)} a row', 1], ['a row of ${number('A', 4)}', 1], [1, '${number('A', 5)}']]`,
    `t.test('${number('P', 1)} a subtest, on the curve P-256 and in UTF-16', () => {})`,
  ].join('\n'),
  'packages/sojourn/src/testing/store-contract.ts': `test('${number('P', 2)} a law', () => {})`,
  'packages/sojourn/src/core/decide.ts': `test('${number('P', 3)} not a test', () => {})`,
}

const [repository, example] = parseTrees([repositoryFiles(), planted])
assert.ok(repository && example)
const requirements = readRequirements()
const titles = titlesIn(repository)

describe('the requirements and the tests agree', () => {
  test('every number that is done has a test whose title names it', () => {
    assert.deepEqual(untested(requirements, titles), [])
  })

  test('every number in a title is a requirement', () => {
    assert.deepEqual(unknown(requirements, titles), [])
  })

  test('no number stands twice', () => {
    const numbers = requirements.map((requirement) => requirement.number)
    assert.deepEqual([...new Set(numbers)], numbers)
  })

  test('every system is there, whole', () => {
    const count = (letters: string): number =>
      requirements.filter((each) => each.number.startsWith(`${letters}-`)).length
    const counts = ['AUR', 'SLI', 'JAD', 'PCA', 'ROD', 'P', 'R', 'A'].map((letters) => [
      letters,
      count(letters),
    ])
    const whole = { AUR: 22, SLI: 42, JAD: 32, PCA: 27, ROD: 33, P: 25, R: 80, A: 38 }
    assert.deepEqual(Object.fromEntries(counts), whole)
  })
})

/** Requirements that are the sum of others, and attacks that stand for a suite. */
const umbrellas = [
  ['AUR-13 what mitigates session exploits is shown piece by piece', 'AUR-05 AUR-06 AUR-14 AUR-21 A-01 A-13'],
  ['JAD-05 protection against hijacking is shown piece by piece', 'JAD-22 JAD-23 JAD-24 JAD-25 JAD-26'],
] as const

describe('what is the sum of others', () => {
  for (const [title, parts] of umbrellas)
    test(title, () => {
      const shown = new Set(titles.flatMap((each) => each.numbers))
      const missing = parts.split(' ').filter((part) => !shown.has(part))
      assert.deepEqual(missing, [])
    })
})

describe('the comparison can fail', () => {
  test('titles are read from calls of the test runner unless skipped, laws of contracts, and rows of tables', () => {
    const found = titlesIn(example).flatMap((title) => title.numbers)
    const expected = [
      ['P', 2],
      ['AUR', 5],
      ['R', 11],
      ['SLI', 2],
      ['JAD', 1],
      ['P', 1],
      ['A', 1],
      ['A', 3],
    ] as const
    assert.deepEqual(found.toSorted(), expected.map(([letters, n]) => number(letters, n)).toSorted())
  })

  test('a done number without a test and a title with an unknown number are found', () => {
    const some: Requirement[] = [
      { number: number('AUR', 5), state: 'done' },
      { number: number('AUR', 6), state: 'done' },
      { number: number('AUR', 7), state: 'open' },
    ]
    const [title] = titlesIn(example).filter(({ numbers }) => numbers.includes(number('AUR', 5)))
    assert.ok(title)
    assert.deepEqual(untested(some, [title]), [number('AUR', 6)])
    assert.deepEqual(unknown(some, [title]), [`${title.at} names ${number('R', 11)}`])
  })

  test('a number that a test names and that is open is found, by who asks for it', () => {
    const some: Requirement[] = [
      { number: number('AUR', 5), state: 'open' },
      { number: number('AUR', 6), state: 'open' },
      { number: number('R', 11), state: 'done' },
    ]
    assert.deepEqual(strayed(some, naming(titlesIn(example))), { untested: [], stale: [number('AUR', 5)] })
  })

  test('states are read and written in the last column, and nothing else changes', () => {
    const table = `# A\n| n | is | state |\n|---|---|---|\n| ${number('R', 1)} | open | open |\n| ${number('R', 2)} | x | done |\n`
    assert.deepEqual(
      requirementsIn(table).map(({ state }) => state),
      ['open', 'done'],
    )
    const flipped = withStates(table, (each) => (each === number('R', 1) ? 'done' : 'open'))
    assert.equal(
      flipped,
      table.replace('| open | open |', '| open | done |').replace('| x | done |', '| x | open |'),
    )
    assert.throws(() => requirementsIn(`| ${number('R', 1)} | a | perhaps |`), /perhaps/)
  })
})

function untested(known: readonly Requirement[], told: readonly Title[]): readonly string[] {
  return strayed(known, naming(told)).untested
}

function naming(told: readonly Title[]): (number: string) => boolean {
  const named = new Set(told.flatMap(({ numbers }) => numbers))
  return (each) => named.has(each)
}

function unknown(known: readonly Requirement[], told: readonly Title[]): string[] {
  const numbers = new Set(known.map((each) => each.number))
  return told.flatMap((title) =>
    title.numbers.filter((each) => !numbers.has(each)).map((each) => `${title.at} names ${each}`),
  )
}

function number(letters: string, n: number): string {
  return `${letters}-${String(n).padStart(2, '0')}`
}
