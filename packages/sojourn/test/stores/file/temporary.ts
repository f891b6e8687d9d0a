import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

/** A folder for the stores of one test file, gone with it. */
const root = mkdtempSync(join(tmpdir(), 'sojourn-file-'))
after(() => rmSync(root, { recursive: true, force: true }))
let made = 0

/** The path of a folder that is not there yet. */
export function temporaryFolder(): string {
  return join(root, String(++made))
}
