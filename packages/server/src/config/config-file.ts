import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { refused } from './refused.ts'

export const configFileName = 'sojourn.config.ts'

/** What `sojourn.config.ts` of a folder exports by default; an empty record where there is no such file. */
export async function readConfigFile(folder: string): Promise<{ readonly [key: string]: unknown }> {
  const path = join(folder, configFileName)
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (!exists) return {}
  const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
  const written = module.default
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    throw refused(configFileName, 'export default defineConfig({ … })', written)
  return { ...written }
}
