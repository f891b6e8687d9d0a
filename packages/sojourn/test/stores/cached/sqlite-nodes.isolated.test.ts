import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { boundAcrossProcesses, boundBrokenWithoutLease } from '../bound-across-processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'sojourn-bound-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let made = 0

const freshUrl = async (): Promise<string> => `sqlite:${join(folder, `${++made}.db`)}`
boundAcrossProcesses('SQLite', freshUrl)
boundBrokenWithoutLease('SQLite', freshUrl)
