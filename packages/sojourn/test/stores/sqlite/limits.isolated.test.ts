import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { limitsAcrossProcesses } from '../limits-across-processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'sojourn-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
limitsAcrossProcesses('SQLite', async () => `sqlite:${join(folder, `${++made}.db`)}`)
