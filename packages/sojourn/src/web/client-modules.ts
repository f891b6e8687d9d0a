import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/** The library's browser side as the JavaScript modules that a browser loads, each under its name. */
export interface ClientModules {
  /** Changes whenever a module does, so that browsers may keep what stands under it for ever. */
  readonly version: string
  /** By name, such as `dom/start.js`, as they import each other. */
  readonly files: ReadonlyMap<string, string>
  /** The module that runs by itself; the others are its parts. */
  readonly entry: string
}

const folder = new URL('../client/', import.meta.url)

/** Reads them once, without a build: where they are TypeScript, their types are taken off. */
export function clientModules(): ClientModules {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'))
    .toSorted()
  const files = new Map(names.map((name) => [name.replace(/ts$/, 'js'), scriptOf(new URL(name, folder))]))
  const hash = createHash('sha256')
  for (const [name, text] of files) hash.update(`${name}\0${text}\0`)
  const entry = 'dom/start.js'
  if (!files.has(entry)) throw new Error('the library was installed without its browser side')
  return { version: hash.digest('hex').slice(0, 16), files, entry }
}

/** A module as a browser loads it; where it is TypeScript, its types are taken off. */
export function scriptOf(module: URL): string {
  const text = readFileSync(module, 'utf8')
  return module.pathname.endsWith('.ts') ? withoutTypes(text) : text
}

/** Node warns that taking types off may change; it is what runs this very file, so the warning says nothing. */
function withoutTypes(text: string): string {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(text).replace(/(?<= from '\.[^'\n]*)\.ts(?=')/g, '.js')
  } finally {
    process.emitWarning = emitWarning
  }
}
