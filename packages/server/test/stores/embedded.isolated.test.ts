import { join } from 'node:path'
import { overTwoNodes } from './over-two-nodes.ts'

overTwoNodes(
  'a folder',
  (folder) => Promise.resolve({ url: `file:${join(folder, 'sessions')}`, storeName: 'file' }),
  { skip: false, hasOutage: false },
)

overTwoNodes(
  'SQLite',
  (folder) => Promise.resolve({ url: `sqlite:${join(folder, 'sessions.db')}`, storeName: 'sqlite' }),
  { skip: false, hasOutage: false },
)
