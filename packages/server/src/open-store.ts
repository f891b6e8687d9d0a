import type { Store } from 'sojourn'
import { memory } from 'sojourn/stores/memory'
import { sqlite } from 'sojourn/stores/sqlite'
import type { Config } from './config.ts'
import { makePrivate } from './private-file.ts'

/** Where sessions are kept: `sqlite:<file>` or `memory:`. */
export async function openStore({ store }: Pick<Config, 'store'>): Promise<Store> {
  if (store.startsWith('memory:')) return memory()
  const file = store.slice('sqlite:'.length)
  if (file !== ':memory:') await makePrivate(file)
  return sqlite(file)
}
