/** `npm run client-size`: what a browser loads to watch over a session, module by module, in bytes. */
import { posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { clientModules } from '../packages/sojourn/src/web/client-modules.ts'

const { files, entry } = clientModules()
const loaded = new Map<string, string>()
load(entry)

const rows = [...loaded].map(
  ([name, text]) => [name, Buffer.byteLength(text), gzipSync(text).length] as const,
)
const sum = (column: 1 | 2): number => rows.reduce((total, row) => total + row[column], 0)
for (const [name, plain, packed] of [...rows, ['in all', sum(1), sum(2)] as const])
  console.log(`${name.padEnd(24)}${String(plain).padStart(8)}${String(packed).padStart(8)}`)

/** The module and all that it imports. */
function load(name: string): void {
  const text = files.get(name)
  if (text === undefined) throw new Error(`${name} is imported, and there is no such module`)
  if (loaded.has(name)) return
  loaded.set(name, text)
  for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'/gm))
    load(posix.join(posix.dirname(name), specifier))
}
