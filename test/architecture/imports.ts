import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isModuleDeclaration,
  isNamedExports,
  isNamedImports,
  isNoSubstitutionTemplateLiteral,
  isStringLiteral,
  SyntaxKind,
  type ImportDeclaration,
  type Node,
} from 'typescript/unstable/ast'
import { at, walk, type Source } from '../../scripts/source-tree.ts'

export interface Import {
  readonly specifier: string
  /** Erased when the code runs: `import type`, `export type … from`, `import('…').T`, or only `type` names. */
  readonly typeOnly: boolean
  /** `path:line` of the statement. */
  readonly at: string
}

/** Every module that a source names, in whatever way. */
export function importsOf(source: Source): Import[] {
  return [...walk(source.ast)].flatMap((node) => {
    const found = importIn(node)
    return found === undefined ? [] : [{ ...found, at: at(source, node) }]
  })
}

function importIn(node: Node): Omit<Import, 'at'> | undefined {
  if (isImportDeclaration(node)) return named(node.moduleSpecifier, onlyTypes(node))
  if (isExportDeclaration(node)) {
    const names = node.exportClause
    const each =
      names !== undefined && isNamedExports(names) && names.elements.length > 0 ? names.elements : []
    return named(
      node.moduleSpecifier,
      node.isTypeOnly || (each.length > 0 && each.every((name) => name.isTypeOnly)),
    )
  }
  if (isImportTypeNode(node))
    return named(isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
  if (isModuleDeclaration(node)) return named(node.name, true)
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    return named(node.arguments[0], false)
  }
  return undefined
}

function named(node: Node | undefined, typeOnly: boolean): Omit<Import, 'at'> | undefined {
  if (node === undefined || !(isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)))
    return undefined
  return { specifier: node.text, typeOnly }
}

function onlyTypes({ importClause }: ImportDeclaration): boolean {
  if (importClause === undefined) return false
  if (importClause.phaseModifier === SyntaxKind.TypeKeyword) return true
  const names = importClause.namedBindings
  if (importClause.name !== undefined || names === undefined || !isNamedImports(names)) return false
  return names.elements.length > 0 && names.elements.every((name) => name.isTypeOnly)
}
