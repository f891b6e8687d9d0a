import {
  isCallExpression,
  isClassDeclaration,
  isExpressionStatement,
  isIdentifier,
  isInterfaceDeclaration,
  isTypeAliasDeclaration,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { at, walk } from '../../scripts/source-tree.ts'
import type { Rule } from './rule.ts'

export const noAny: Rule = {
  name: 'nothing is of type any',
  check: ({ sources }) =>
    sources.flatMap((source) =>
      [...walk(source.ast)]
        .filter(({ kind }) => kind === SyntaxKind.AnyKeyword)
        .map((node) => `${at(source, node)} any`),
    ),
  broken: {
    'an annotation': { 'a.ts': 'export let a: any' },
    'a cast': { 'a.ts': 'export const a = b as any' },
    'a cast in a template': { 'a.ts': 'export const a = `${(b as any).c}`' },
    'a type argument': { 'a.ts': 'export const a = new Map<string, any[]>()' },
    'a type parameter’s bound': { 'a.ts': 'export type A<T extends any> = T' },
  },
  kept: {
    'a.ts': `
      // any
      /** @param any any */
      export const any = 'as any' + \`: any\` + /any/.source
      export const a = { any, of: any.length }
    `,
  },
}

const vague = /(?:Manager|Service|Helper|Utils?)$/

export const noVagueNames: Rule = {
  name: 'no class or type is a Manager, a Service or a Helper',
  check: ({ sources }) =>
    sources.flatMap((source) =>
      [...walk(source.ast)].flatMap((node) => {
        if (!isClassDeclaration(node) && !isInterfaceDeclaration(node) && !isTypeAliasDeclaration(node))
          return []
        return node.name !== undefined && vague.test(node.name.text)
          ? [`${at(source, node)} ${node.name.text}`]
          : []
      }),
    ),
  broken: {
    'a class': { 'a.ts': 'export class SessionManager {}' },
    'an interface': { 'a.ts': 'export interface LoginService {}' },
    'a type': { 'a.ts': 'type CookieHelper = string' },
  },
  kept: { 'a.ts': 'export class Managed {}\nexport const service = 1' },
}

const hooks = new Set(['before', 'after', 'beforeEach', 'afterEach'])

export const sharedTestsKeepTheirHooks: Rule = {
  name: 'a test file that shares its process sets hooks inside a describe, where they reach no other file',
  check: ({ sources }) =>
    sources
      .filter(({ path }) => /^packages\/sojourn\/test\/.*\.test\.ts$/.test(path))
      .filter(({ path }) => !path.endsWith('.isolated.test.ts'))
      .flatMap((source) =>
        source.ast.statements.flatMap((statement) => {
          const call = isExpressionStatement(statement) ? statement.expression : undefined
          if (call === undefined || !isCallExpression(call) || !isIdentifier(call.expression)) return []
          const name = call.expression.text
          return hooks.has(name) ? [`${at(source, statement)} ${name} reaches every other file`] : []
        }),
      ),
  broken: { 'a hook at the top': { 'packages/sojourn/test/a.test.ts': 'beforeEach(() => reset())' } },
  kept: {
    'packages/sojourn/test/a.test.ts': `describe('a', () => { beforeEach(() => reset()) })`,
    'packages/sojourn/test/b.isolated.test.ts': 'after(() => close())',
    'packages/server/test/a.test.ts': 'after(() => close())',
  },
}
