import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { missing } from '../../../../../test/services/programs.ts'
import type { Session } from '../../../src/core/session.ts'
import type { NewSession, Store } from '../../../src/core/store.ts'
import { memory } from '../../../src/stores/memory.ts'
import { type Command, commands, ids } from '../commands.ts'
import { inTurn, openServer } from './server.ts'

const { AGREEMENT_RUNS = '150', AGREEMENT_SEED = '7' } = process.env

type Shape = (session: Session) => Partial<Session>

/** A store in which every session that a command makes has a shape. */
function shaped(store: Store, shape: Shape): Store {
  const fit = (entry: NewSession): NewSession => ({
    ...entry,
    session: { ...entry.session, ...shape(entry.session) },
  })
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'create')
        return (entry: NewSession, ...rest: [never?]) => target.create(fit(entry), ...rest)
      if (name === 'upgrade')
        return (id: string, to: NewSession, how: never) => target.upgrade(id, fit(to), how)
      if (name === 'restore')
        return (id: string, from: string, to: NewSession, how: never) =>
          target.restore?.(id, from, fit(to), how)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

describe('memcached agrees with memory', { skip: missing('memcached') }, () => {
  const server = openServer(before, after)
  let made = 0

  async function agree(commands: readonly Command[], shape: Shape): Promise<void> {
    const model = shaped(memory(), shape)
    const store = shaped(inTurn(server.nodes({ prefix: `${++made}:` })), shape)
    for (const [index, { name, run }] of commands.entries())
      assert.deepEqual(await run(store), await run(model), `step ${index}: ${name}`)
    for (const id of ids) assert.deepEqual(await store.find(id), await model.find(id))
  }

  async function always(shape: Shape): Promise<void> {
    const property = fc.asyncProperty(commands, (commands) => agree(commands, shape))
    await fc.assert(property, { numRuns: Number(AGREEMENT_RUNS), seed: Number(AGREEMENT_SEED) })
  }

  test('P-06 memory and memcached give the same answers to the same commands about any subjects and guests', () =>
    always(() => ({ parent: null })))

  // Trees over several subjects are several steps: the contract says what holds of them.
  test('P-06 memory and memcached give the same answers to the same commands about any trees of one subject', () =>
    always(() => ({ subject: 'u' })))
})
