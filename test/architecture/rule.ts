import type { Files, SourceTree } from '../../scripts/source-tree.ts'

/** A rule of the architecture, with the trees that prove it can fail and that it fails on nothing else. */
export interface Rule {
  readonly name: string
  /** One line for each breach, beginning with the path. */
  check(tree: SourceTree): string[]
  /** Trees that break the rule, each in one place, by what is wrong with them. */
  readonly broken: Readonly<Record<string, Files>>
  /** A tree that comes close and keeps the rule. */
  readonly kept: Files
}
