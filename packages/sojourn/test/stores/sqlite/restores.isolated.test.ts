import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { restoresAcrossProcesses } from '../restores-across-processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'sojourn-'))
after(() => rmSync(folder, { recursive: true, force: true }))

restoresAcrossProcesses('SQLite', async () => `sqlite:${join(folder, 'restores.db')}`)
