import { limitsAcrossProcesses } from '../limits-across-processes.ts'
import { temporaryFolder } from './temporary.ts'

limitsAcrossProcesses('one folder', async () => `file:${temporaryFolder()}`)
