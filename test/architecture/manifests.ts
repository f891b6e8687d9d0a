import { posix } from 'node:path'
import type { Rule } from './rule.ts'
import { workspacesOf, type Manifest } from './workspaces.ts'

export const libraryHasNoDependencies: Rule = {
  name: 'the library needs no package to run',
  check: ({ files }) =>
    workspacesOf(files)
      .filter(({ folder }) => folder === 'packages/sojourn')
      .flatMap(({ folder, manifest }) =>
        runtime(manifest).map((name) => `${folder}/package.json depends on ${name}`),
      ),
  broken: {
    'a dependency': { 'packages/sojourn/package.json': `{ "dependencies": { "cookie": "2.0.2" } }` },
    'an optional one': { 'packages/sojourn/package.json': `{ "optionalDependencies": { "pg": "8.23.1" } }` },
    'a bundled one': { 'packages/sojourn/package.json': `{ "bundledDependencies": ["cookie"] }` },
  },
  kept: {
    'packages/sojourn/package.json': `{ "dependencies": {}, "devDependencies": { "express": "5.3.0" } }`,
    'packages/server/package.json': `{ "dependencies": { "hono": "4.13.19" } }`,
  },
}

function runtime(manifest: Manifest): string[] {
  const bundled = [...(manifest.bundleDependencies ?? []), ...(manifest.bundledDependencies ?? [])]
  return [...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }), ...bundled]
}

export const exportsExist: Rule = {
  name: 'every export and every command of a package is a file',
  check: ({ files }) =>
    workspacesOf(files).flatMap(({ folder, manifest }) => {
      const bin = typeof manifest.bin === 'string' ? [manifest.bin] : Object.values(manifest.bin ?? {})
      return [...Object.values(manifest.exports ?? {}), ...bin]
        .filter((target) => files[posix.join(folder, target)] === undefined)
        .map((target) => `${posix.join(folder, 'package.json')} names ${target}, which does not exist`)
    }),
  broken: {
    'a missing export': { 'packages/a/package.json': `{ "exports": { ".": "./src/index.ts" } }` },
    'a missing command': { 'packages/a/package.json': `{ "bin": { "a": "./src/main.ts" } }` },
  },
  kept: {
    'packages/a/package.json': `{ "exports": { ".": "./src/index.ts" }, "bin": "./src/main.ts" }`,
    'packages/a/src/index.ts': '',
    'packages/a/src/main.ts': '',
  },
}
