/** What the tests say they show: the titles in the sources, and the requirements' numbers in them. */
import {
  isArrayLiteralExpression,
  isCallExpression,
  isIdentifier,
  isMethodDeclaration,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
  isTemplateExpression,
  type Node,
} from 'typescript/unstable/ast'
import { at, walk, type Source, type SourceTree } from './source-tree.ts'

export interface Title {
  readonly text: string
  /** Requirement numbers in the text, each as it is written; a range names its two ends and nothing between. */
  readonly numbers: readonly string[]
  /** `path:line` of the call. */
  readonly at: string
}

const number = /\b(?:AUR|SLI|JAD|PCA|ROD|[RAP])-\d{2}\b/g

/** Test files with the suites that they run on several grounds, and the contracts that the library publishes for others. */
const holdsTests = (path: string): boolean =>
  /^(?:packages\/[^/]+\/)?test\//.test(path) || path.startsWith('packages/sojourn/src/testing/')

export function titlesIn({ sources }: SourceTree): Title[] {
  return sources.filter(({ path }) => holdsTests(path)).flatMap((source) => titlesOf(source))
}

function titlesOf(source: Source): Title[] {
  return [...walk(source.ast)].flatMap((node) => {
    const text = titleAt(node)
    return text === undefined ? [] : [{ text, numbers: text.match(number) ?? [], at: at(source, node) }]
  })
}

/**
 * The title that stands at a place: of a call of the runner; of a law, which is a method of a contract named by a text; or
 * of a row of a table of tests, whose first item begins with a number.
 */
function titleAt(node: Node): string | undefined {
  if (isCallExpression(node)) return runsATest(node.expression) ? textOf(node.arguments[0]) : undefined
  if (isMethodDeclaration(node)) return isStringLiteral(node.name) ? node.name.text : undefined
  if (!isArrayLiteralExpression(node)) return undefined
  const first = textOf(node.elements[0])
  return first !== undefined && first.search(number) === 0 ? first : undefined
}

const runners = new Set(['test', 'it', 'describe', 'suite'])
const skips = new Set(['skip', 'todo'])

/** `test(…)`, `t.test(…)`, `describe.only(…)`; what is skipped shows nothing. */
function runsATest(callee: Node): boolean {
  const names = chain(callee)
  return names.some((name) => runners.has(name)) && !names.some((name) => skips.has(name))
}

/** `a.b.c` as `['a', 'b', 'c']`, and nothing for an expression of another shape. */
function chain(node: Node): string[] {
  if (isIdentifier(node)) return [node.text]
  if (!isPropertyAccessExpression(node)) return []
  const before = chain(node.expression)
  return before.length === 0 ? [] : [...before, node.name.text]
}

/** A literal, or the literal parts of a template. */
function textOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined
  if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!isTemplateExpression(node)) return undefined
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…')
}
