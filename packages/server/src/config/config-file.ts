import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unusable } from './opened.ts'
import { refused } from './refused.ts'

export const configFileName = 'sojourn.config.ts'

/**
 * What `sojourn.config.ts` of a folder exports by default, as the file is now; an empty record where there is none. What it
 * imports in turn is read once in the life of a process.
 */
export async function readConfigFile(folder: string): Promise<{ readonly [key: string]: unknown }> {
  const path = join(folder, configFileName)
  const text = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw unusable(configFileName, 'a file that can be read', error)
  })
  if (text === undefined) return {}
  // A module is kept by its address for good; other contents have another one.
  const address = `${pathToFileURL(path).href}?${hash('sha256', text).slice(0, 16)}`
  const module = await import(address).then(
    (loaded) => loaded as { readonly default?: unknown },
    (error: unknown) => {
      throw unusable(configFileName, 'a module that loads', error)
    },
  )
  const written = module.default
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    throw refused(configFileName, 'export default defineConfig({ … })', written)
  return { ...written }
}
