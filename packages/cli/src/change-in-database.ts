import { changeSettings, openStore, policyTrial, readLayer, type Wanted } from '@sojourn/server'
import { Failure } from './failure.ts'
import { configOf, withDatabase } from './opened.ts'
import type { Terminal } from './terminal.ts'

/** Changes the settings as whoever holds the command line; the servers that run hear of it. */
export async function changeInDatabase(
  terminal: Terminal,
  wanted: Pick<Wanted, 'layer' | 'note' | 'values'>,
): Promise<{ readonly revision: number }> {
  const config = await configOf(terminal)
  return withDatabase(config, async (database) => {
    const store = await openStore({ ...config, cache: null })
    try {
      const ground = {
        database,
        configured: config.policy,
        tryPolicy: policyTrial(store, config),
        now: Date.now,
      }
      const seen = (await readLayer(database, wanted.layer))?.revision ?? 0
      const outcome = await changeSettings(ground, { ...wanted, seen, by: null })
      switch (outcome.state) {
        case 'saved':
          return outcome
        case 'unchanged':
          throw new Failure('unchanged', 'this is how it is already')
        case 'gone':
          throw new Failure('no_account', `${wanted.layer.name} is no account`)
        case 'outdated':
          throw new Failure('changed_since', 'somebody else has changed this at the same moment; look again')
        case 'refused': {
          const { option = 'the policy', sentence } = outcome.fault
          throw new Failure('refused', `${option}: ${sentence}`)
        }
      }
    } finally {
      await store.close?.()
    }
  })
}
