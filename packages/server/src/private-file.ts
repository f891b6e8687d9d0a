import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes sure that a file exists, in a folder of its own, and that a new one is for its owner's eyes alone. */
export async function makePrivate(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'a', 0o600)
  await file.close()
}
