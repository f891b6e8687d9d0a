import { posix } from 'node:path'
import type { Files } from '../../scripts/source-tree.ts'

export interface Manifest {
  readonly name?: string
  readonly bin?: string | Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly bundleDependencies?: readonly string[]
  readonly bundledDependencies?: readonly string[]
}

export interface Workspace {
  /** Path from the repository's root; the root itself is the empty string. */
  readonly folder: string
  readonly name: string
  readonly manifest: Manifest
}

/** The packages of the repository, the root among them. */
export function workspacesOf(files: Files): Workspace[] {
  return Object.entries(files).flatMap(([path, text]) => {
    if (posix.basename(path) !== 'package.json') return []
    const manifest = JSON.parse(text) as Manifest
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path)
    return [{ folder, name: manifest.name ?? folder, manifest }]
  })
}

/** The package that a file belongs to: the one with the longest folder. */
export function workspaceOf(path: string, workspaces: readonly Workspace[]): Workspace | undefined {
  return workspaces
    .filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0]
}

/** `hono/html` → `hono`, `@hono/node-server/x` → `@hono/node-server`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The file that a package of the repository exports under a specifier. */
export function exportedFile(specifier: string, workspace: Workspace): string | undefined {
  const target = workspace.manifest.exports?.[`.${specifier.slice(workspace.name.length)}`]
  return typeof target === 'string' ? posix.join(workspace.folder, target) : undefined
}

/** Where an import leads: a file of the repository, or nothing that it holds. */
export function fileBehind(
  specifier: string,
  from: string,
  workspaces: readonly Workspace[],
): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  const workspace = workspaces.find(({ name }) => name === packageOf(specifier))
  return workspace && exportedFile(specifier, workspace)
}
