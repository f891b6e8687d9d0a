import { posix } from 'node:path'
import type { Source } from '../../scripts/source-tree.ts'
import { importsOf, type Import } from './imports.ts'
import type { Rule } from './rule.ts'
import { exportedFile, packageOf, workspaceOf, workspacesOf, type Workspace } from './workspaces.ts'

/** Which packages of the repository a package may import. Nothing imports upwards. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  sojourn: [],
  '@sojourn/server': ['sojourn'],
  '@sojourn/console': ['sojourn', '@sojourn/server'],
  '@sojourn/cli': ['sojourn', '@sojourn/server'],
  '@sojourn/bench': ['sojourn', '@sojourn/server'],
}

export const packagesMeetAtExports: Rule = {
  name: 'packages point down and meet only at what they export',
  check: ({ files, sources }) => {
    const workspaces = workspacesOf(files)
    return sources.flatMap((source) => {
      const home = workspaceOf(source.path, workspaces)
      if (home === undefined || home.folder === '') return []
      return importsOf(source).flatMap((used) => {
        const wrong = used.specifier.startsWith('.')
          ? leavesHome(source, used, home)
          : crosses(used, home, workspaces)
        return wrong === undefined ? [] : [`${used.at} ${wrong}`]
      })
    })
  },
  broken: {
    'the server reaches into the library by path': {
      ...manifests(),
      'packages/server/src/a.ts': `import { verify } from '../../sojourn/src/engine/verify.ts'`,
    },
    'the library starts a server of the tests': {
      ...manifests(),
      'packages/sojourn/src/a.ts': `import { startRedis } from '../../../test/services/redis.ts'`,
    },
    'the server imports what the library does not export': {
      ...manifests(),
      'packages/server/src/a.ts': `import type { T } from 'sojourn/src/engine/tokens.ts'`,
    },
    'the library imports the server': {
      ...manifests(),
      'packages/sojourn/test/a.test.ts': `import { serve } from '@sojourn/server'`,
    },
    'the server imports the command': {
      ...manifests(),
      'packages/server/src/a.ts': `import { main } from '@sojourn/cli'`,
    },
    'the server imports a package that it does not declare': {
      ...manifests(),
      'packages/server/src/a.ts': `import { chromium } from 'playwright-core'`,
    },
    'the server runs on a package for development': {
      ...manifests(),
      'packages/server/src/a.ts': `import { Cookie } from 'tough-cookie'`,
    },
  },
  kept: {
    ...manifests(),
    'packages/server/src/a.ts': `import { createSessions } from 'sojourn'\nimport { Hono } from 'hono/tiny'`,
    'packages/server/test/a.test.ts': `import { a } from '../src/a.ts'\nimport { Cookie } from 'tough-cookie'`,
    'packages/sojourn/test/a.test.ts': `import { createSessions } from 'sojourn'\nimport fc from 'fast-check'`,
    'packages/sojourn/test/b.test.ts': `import { startRedis } from '../../../test/services/redis.ts'`,
    'packages/cli/src/a.ts': `import { serve } from '@sojourn/server'\nimport { parseArgs } from 'node:util'`,
    'test/a.test.ts': `import { a } from '../packages/server/src/a.ts'`,
  },
}

function leavesHome(source: Source, { specifier }: Import, home: Workspace): string | undefined {
  const target = posix.join(posix.dirname(source.path), specifier)
  // The servers that tests and benches start are one room of the whole repository, out of what is shipped.
  if (target.startsWith('test/services/') && !source.path.startsWith(`${home.folder}/src/`)) return undefined
  return target.startsWith(`${home.folder}/`) ? undefined : `reaches out of ${home.name} by ${specifier}`
}

function crosses(used: Import, home: Workspace, workspaces: readonly Workspace[]): string | undefined {
  const { specifier } = used
  const target = workspaces.find(({ name }) => name === packageOf(specifier))
  if (target !== undefined) {
    if (exportedFile(specifier, target) === undefined)
      return `imports ${specifier}, which ${target.name} does not export`
    const allowed = home === target || (arrows[home.name] ?? ['sojourn']).includes(target.name)
    return allowed ? undefined : `${home.name} imports ${target.name}`
  }
  if (specifier.startsWith('node:')) return undefined
  return declared(used, home, workspaces)
    ? undefined
    : `imports ${specifier}, which ${home.name} does not declare`
}

/** What runs is declared by the package itself; types and tests may also come from what is there for development. */
function declared(used: Import, { folder, manifest }: Workspace, workspaces: readonly Workspace[]): boolean {
  const name = packageOf(used.specifier)
  const runs = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }
  if (name in runs) return true
  const root = workspaces.find((workspace) => workspace.folder === '')?.manifest
  const develops = { ...manifest.devDependencies, ...root?.devDependencies }
  const isSource = used.at.startsWith(`${folder}/src/`)
  return (!isSource || used.typeOnly) && (name in develops || `@types/${name}` in develops)
}

function manifests(): Readonly<Record<string, string>> {
  return {
    'package.json': `{ "devDependencies": { "fast-check": "1", "playwright-core": "1" } }`,
    'packages/sojourn/package.json': `{ "name": "sojourn", "exports": { ".": "./src/index.ts" } }`,
    'packages/server/package.json': `{
      "name": "@sojourn/server", "exports": { ".": "./src/index.ts" },
      "dependencies": { "hono": "4", "sojourn": "0.1.0" }, "devDependencies": { "tough-cookie": "6" }
    }`,
    'packages/cli/package.json': `{ "name": "@sojourn/cli", "exports": { ".": "./src/main.ts" } }`,
  }
}
