import { importsOf } from './imports.ts'
import type { Rule } from './rule.ts'
import { fileBehind, workspacesOf } from './workspaces.ts'

type Graph = ReadonlyMap<string, readonly string[]>

export const noCycles: Rule = {
  name: 'no import comes back to where it started, types counted',
  check: ({ files, sources }) => {
    const workspaces = workspacesOf(files)
    const graph: Graph = new Map(
      sources.map((source) => {
        const targets = importsOf(source).map(({ specifier }) =>
          fileBehind(specifier, source.path, workspaces),
        )
        return [source.path, targets.filter((target) => target !== undefined)]
      }),
    )
    return cyclesIn(graph).map((cycle) => cycle.join(' → '))
  },
  broken: {
    'two files': { 'a.ts': `import { b } from './b.ts'`, 'b.ts': `import { a } from './a.ts'` },
    'three files, by types alone': {
      'a.ts': `import type { B } from './b.ts'`,
      'b.ts': `export type B = import('./c/c.ts').C`,
      'c/c.ts': `export type { A } from '../a.ts'`,
    },
    'a file that imports itself': { 'a.ts': `import { a } from './a.ts'` },
    'two packages': {
      'p/package.json': `{ "name": "p", "exports": { ".": "./p.ts" } }`,
      'p/p.ts': `import { q } from '../q/q.ts'`,
      'q/q.ts': `import { p } from 'p'`,
    },
  },
  kept: {
    'a.ts': `import { b } from './b.ts'\nimport { c } from './c.ts'`,
    'b.ts': `import { c } from './c.ts'\n// import { a } from './a.ts'`,
    'c.ts': `export const c = "import { a } from './a.ts'"`,
  },
}

/** One cycle for each edge that closes one, found in one walk down from every file. */
function cyclesIn(graph: Graph): string[][] {
  const done = new Set<string>()
  const trail: string[] = []
  const cycles: string[][] = []
  const visit = (path: string): void => {
    const start = trail.indexOf(path)
    if (start !== -1) cycles.push([...trail.slice(start), path])
    if (start !== -1 || done.has(path)) return
    trail.push(path)
    for (const next of graph.get(path) ?? []) visit(next)
    trail.pop()
    done.add(path)
  }
  for (const path of graph.keys()) visit(path)
  return cycles
}
