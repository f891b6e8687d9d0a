import { importsOf, type Import } from './imports.ts'
import type { Rule } from './rule.ts'
import { fileBehind } from './workspaces.ts'

const library = 'packages/sojourn/src/'

interface Layer {
  /** Layers that it may import. A type counts like a value. */
  readonly from: readonly string[]
  /** Layers of which it may import types and nothing else. */
  readonly typesFrom?: readonly string[]
  /** Modules from outside the library. */
  readonly outside: (used: Import) => boolean
}

const never = (): boolean => false
const builtIn = ({ specifier }: Import): boolean => specifier.startsWith('node:')

/** What stands in `packages/sojourn/src`, and what each may see. Nothing points up or sideways. */
const layers: Readonly<Record<string, Layer>> = {
  core: { from: ['core'], outside: never },
  'errors.ts': { from: ['core'], outside: never },
  stores: { from: ['stores', 'core', 'errors.ts'], outside: builtIn },
  engine: { from: ['engine', 'core', 'errors.ts'], outside: builtIn },
  telemetry: { from: ['telemetry', 'core'], typesFrom: ['engine'], outside: never },
  web: { from: ['web', 'engine', 'core', 'errors.ts'], outside: builtIn },
  adapters: {
    from: ['adapters', 'create-sessions.ts', 'web', 'engine', 'core', 'errors.ts'],
    outside: (used) => builtIn(used) || used.typeOnly,
  },
  'create-sessions.ts': { from: ['web', 'engine', 'core', 'errors.ts'], outside: builtIn },
  'index.ts': { from: ['create-sessions.ts', 'web', 'engine', 'core', 'errors.ts'], outside: builtIn },
  client: {
    from: ['client'],
    typesFrom: ['create-sessions.ts', 'web', 'engine', 'core', 'errors.ts'],
    outside: never,
  },
  remote: { from: ['remote', 'core'], outside: builtIn },
  testing: {
    from: [
      'testing',
      'adapters',
      'web',
      'engine',
      'stores',
      'core',
      'errors.ts',
      'create-sessions.ts',
      'index.ts',
      'client',
    ],
    // A contract of adapters says what browsers say, which `fetch` may not: it needs a client of its own.
    outside: ({ specifier }) => /^node:(assert(\/strict)?|http)$/.test(specifier),
  },
}

/** The first folder below `src`, or the file itself. */
const layerOf = (path: string): string => path.slice(library.length).split('/')[0] ?? ''

export const arrowsPointDown: Rule = {
  name: 'inside the library every arrow points down: core ← engine ← web ← create-sessions ← adapters, core ← stores',
  check: ({ sources }) =>
    sources
      .filter(({ path }) => path.startsWith(library))
      .flatMap((source) => {
        const name = layerOf(source.path)
        const layer = layers[name]
        if (layer === undefined)
          return [`${source.path} stands in no layer; the layers are ${Object.keys(layers).join(' ')}`]
        return importsOf(source).flatMap((used) => {
          const target = fileBehind(used.specifier, source.path, [])
          if (target === undefined)
            return layer.outside(used) ? [] : [`${used.at} ${name} imports ${used.specifier}`]
          const to = target.startsWith(library) ? layerOf(target) : target
          const allowed = layer.from.includes(to) || (used.typeOnly && layer.typesFrom?.includes(to) === true)
          return allowed ? [] : [`${used.at} ${name} imports ${used.specifier}`]
        })
      }),
  broken: {
    'core imports the engine': { [`${library}core/a.ts`]: `import { verify } from '../engine/verify.ts'` },
    'core imports a type from outside core': {
      [`${library}core/a.ts`]: `import type { E } from '../errors.ts'`,
    },
    'core imports a built-in module': { [`${library}core/a.ts`]: `import { hash } from 'node:crypto'` },
    'the engine imports a concrete store': {
      [`${library}engine/a.ts`]: `import { memory } from '../stores/memory.ts'`,
    },
    'the engine imports a type of a store': {
      [`${library}engine/a.ts`]: `type S = import('../stores/memory.ts').S`,
    },
    'the engine imports web': { [`${library}engine/a.ts`]: `export * from '../web/cookie.ts'` },
    'web imports what is made of it': {
      [`${library}web/a.ts`]: `import type { Sessions } from '../create-sessions.ts'`,
    },
    'web imports an adapter': { [`${library}web/a.ts`]: `await import('../adapters/express.ts')` },
    'a store imports the engine': {
      [`${library}stores/a.ts`]: `import type { T } from '../engine/tokens.ts'`,
    },
    'a store imports its client': { [`${library}stores/a.ts`]: `import pg from 'pg'` },
    'an adapter imports its framework': { [`${library}adapters/a.ts`]: `import express from 'express'` },
    'the index imports a store': { [`${library}index.ts`]: `export { memory } from './stores/memory.ts'` },
    'the client imports a value': {
      [`${library}client/a.ts`]: `import { explain } from '../core/explain.ts'`,
    },
    'testing imports the test runner': { [`${library}testing/a.ts`]: `import { test } from 'node:test'` },
    'a file stands in no layer': { [`${library}misc/a.ts`]: `export const a = 1` },
    'the library reaches out of its folder': {
      [`${library}web/a.ts`]: `import { x } from '../../../server/src/x.ts'`,
    },
  },
  kept: {
    [`${library}core/rules/a.ts`]: `import type { S } from '../session.ts'`,
    [`${library}engine/a.ts`]: `import { hash } from 'node:crypto'\nimport type { Store } from '../core/store.ts'`,
    [`${library}adapters/a.ts`]: `import type { Request } from 'express'\nimport { visit } from '../web/visit.ts'`,
    [`${library}client/a.ts`]: `import type { EndReason } from '../core/session.ts'`,
    [`${library}testing/a.ts`]: `import assert from 'node:assert/strict'\nimport { memory } from '../stores/memory.ts'`,
  },
}
