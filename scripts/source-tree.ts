/**
 * The repository as a value: its files, and the syntax trees of those that are TypeScript, from TypeScript's own
 * parser. A rule of the architecture is a function over such a value, so a planted tree can prove that it fails.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Node, SourceFile } from 'typescript/unstable/ast'
import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { API } from 'typescript/unstable/sync'

/** Text by path from the repository's root, with forward slashes. */
export type Files = Readonly<Record<string, string>>

export interface Source {
  readonly path: string
  readonly text: string
  readonly ast: SourceFile
}

export interface SourceTree {
  readonly files: Files
  /** The files that TypeScript parses, in the order of their paths. */
  readonly sources: readonly Source[]
}

const root = join(import.meta.dirname, '..')
const isCode = (path: string): boolean => /\.tsx?$/.test(path)

/** What git tracks or would track, so that the working tree is judged as it will be committed. */
export function repositoryFiles(): Files {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { stdout, status, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git could not list the files of the repository: ${stderr}`)
  const paths = stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  const texts = paths.toSorted().filter((path) => statSync(join(root, path)).isFile())
  return Object.fromEntries(texts.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

/** Parses several trees at once: starting the parser costs more than parsing. */
export function parseTrees(trees: readonly Files[]): SourceTree[] {
  const options = {
    noLib: true,
    noResolve: true,
    allowJs: false,
    module: 'nodenext',
    jsx: 'preserve',
    types: [],
  }
  const config = '/tsconfig.json'
  const code = trees.map((files) => Object.entries(files).filter(([path]) => isCode(path)))
  const virtual: Record<string, string> = { [config]: JSON.stringify({ compilerOptions: options }) }
  for (const [index, entries] of code.entries()) {
    for (const [path, text] of entries) virtual[`/${index}/${path}`] = text
  }

  const api = new API({ cwd: '/', fs: createVirtualFileSystem(virtual) })
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    if (project === undefined) throw new Error('The TypeScript parser opened no project')
    return trees.map((files, index) => ({
      files,
      sources: (code[index] ?? []).map(([path, text]) => {
        const ast = project.program.getSourceFile(`/${index}/${path}`)
        if (ast === undefined) throw new Error(`The TypeScript parser did not read ${path}`)
        return { path, text, ast }
      }),
    }))
  } finally {
    api.close()
  }
}

export function parseTree(files: Files): SourceTree {
  const [tree] = parseTrees([files])
  if (tree === undefined) throw new Error('The parser returned no tree')
  return tree
}

/** Every node below, the node itself first, in the order of the text. */
export function* walk(node: Node): Generator<Node> {
  yield node
  const children: Node[] = []
  node.forEachChild((child) => void children.push(child))
  for (const child of children) yield* walk(child)
}

/** The line of a node, counted from 1. */
export function lineOf(source: Source, node: Node): number {
  return source.text.slice(0, node.getStart()).split('\n').length
}

/** `path:line`, as editors and terminals understand it. */
export function at(source: Source, node: Node): string {
  return `${source.path}:${lineOf(source, node)}`
}
