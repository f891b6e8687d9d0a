import {
  isIdentifier,
  isPropertyAccessExpression,
  isTypeReferenceNode,
  SyntaxKind,
  type Node,
} from 'typescript/unstable/ast'
import { at, walk } from '../../scripts/source-tree.ts'
import type { Rule } from './rule.ts'

const core = 'packages/sojourn/src/core/'

/** Names through which a clock, chance, a timer, the machine or the network would come in. */
const impure = new Set(
  `Date Temporal performance crypto process Buffer globalThis global window self console fetch navigator require
   setTimeout setInterval setImmediate queueMicrotask clearTimeout clearInterval AbortSignal Worker`.split(
    /\s+/,
  ),
)

export const coreIsPure: Rule = {
  name: 'the core has no clock, no chance, no I/O and no await',
  check: ({ sources }) =>
    sources
      .filter(({ path }) => path.startsWith(core))
      .flatMap((source) =>
        [...walk(source.ast)].flatMap((node) => {
          const what = impurityOf(node)
          return what === undefined ? [] : [`${at(source, node)} ${what}`]
        }),
      ),
  broken: planted({
    'asks the clock': 'export const a = () => Date.now()',
    'makes a date': 'export const a = new Date(0)',
    'names a date as a type': 'export type A = Date',
    'asks the fast clock': 'export const a = performance.now()',
    'draws a random number': 'export const a = Math.random()',
    'draws random bytes': 'export const a = crypto.randomUUID()',
    'is async': 'export async function a() {}',
    'awaits at the top': 'export const a = await b',
    'loops over an asynchronous iterator': 'export function* a(b) { for await (const c of b) yield c }',
    'makes a promise': 'export const a = Promise.resolve(1)',
    'sets a timer': 'setTimeout(a, 1)',
    'reads the environment': 'export const a = process.env',
    'goes round by the global object': "export const a = globalThis['Date']",
    'writes to the console': 'console.log(1)',
    'names a global in an object by shorthand': 'export const a = { Date }',
  }),
  kept: {
    [`${core}a.ts`]: `
      // Date.now() and await stand in a comment
      export const said = 'process.exit() and Date'
      export type Awaitable<T> = T | Promise<T>
      export interface Policy { readonly process: string; crypto(): void }
      export const a = (policy: Policy) => policy.process + Math.max(1, 2)
      export const b = { Date: 1, fetch() { return 2 } }
    `,
    'packages/sojourn/src/engine/a.ts': 'export const now = async () => Date.now()',
  },
}

function planted(texts: Readonly<Record<string, string>>): Rule['broken'] {
  return Object.fromEntries(Object.entries(texts).map(([why, text]) => [why, { [`${core}a.ts`]: text }]))
}

function impurityOf(node: Node): string | undefined {
  if (node.kind === SyntaxKind.AwaitExpression || node.kind === SyntaxKind.AwaitKeyword) return 'awaits'
  if (node.kind === SyntaxKind.AsyncKeyword) return 'is async'
  if (!isIdentifier(node) || namesAMember(node)) return undefined
  if (impure.has(node.text)) return `uses ${node.text}`
  if (node.text === 'Promise' && !isTypeReferenceNode(node.parent)) return 'makes a promise'
  const isRandom =
    node.text === 'Math' && isPropertyAccessExpression(node.parent) && node.parent.name.text === 'random'
  return isRandom ? 'uses Math.random' : undefined
}

/** `x.process`, `{ process: 1 }`, `process(): void` in an interface: a member's name, not the global. */
function namesAMember(node: Node): boolean {
  const { parent } = node
  if (parent.kind === SyntaxKind.ShorthandPropertyAssignment) return false
  return memberKinds.has(parent.kind) && (parent as Node & { name?: Node }).name === node
}

const memberKinds = new Set([
  SyntaxKind.PropertyAccessExpression,
  SyntaxKind.PropertyAssignment,
  SyntaxKind.PropertySignature,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.GetAccessor,
])
