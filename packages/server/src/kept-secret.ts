import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The secret of a demo: made at its first start and kept beside its data, readable by its owner alone. */
export async function keptSecret(folder: string, random: () => Uint8Array): Promise<string> {
  const path = join(folder, 'demo-secret')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const fresh = Buffer.from(random()).toString('base64url')
  try {
    // Of two starts at once one writes; the other reads what was written.
    await writeFile(path, fresh, { mode: 0o600, flag: 'wx' })
    return fresh
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return readFile(path, 'utf8')
  }
}
