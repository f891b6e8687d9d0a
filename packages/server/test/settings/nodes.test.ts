import { join } from 'node:path'
import { test } from 'node:test'
import { aFolder } from '../a-server.ts'
import { settingsOnNodes } from './nodes.ts'

settingsOnNodes(
  (name, run) => void test(name, run),
  'sqlite',
  async (t) => `sqlite:${join(await aFolder(t), 'server.db')}`,
)
