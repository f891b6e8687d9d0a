import type { Store } from 'sojourn'
import { memory } from 'sojourn/stores/memory'
import { sqlite } from 'sojourn/stores/sqlite'
import type { Config } from './config.ts'
import { opened } from './config/opened.ts'
import { makePrivate } from './private-file.ts'

/** Where sessions are kept: `sqlite:<file>` or `memory:`. */
export async function openStore({ store }: Pick<Config, 'store'>): Promise<Store> {
  if (store.startsWith('memory:')) return memory()
  const file = store.slice('sqlite:'.length)
  const expected = 'a file that can be written (without it, SOJOURN_DATA: a folder that can)'
  return opened('SOJOURN_STORE', expected, async () => {
    if (file !== ':memory:') await makePrivate(file)
    return sqlite(file)
  })
}
