import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Channel, openChannel, type TabMessage, type TabParts } from '../../src/client/tabs.ts'

const expiry: TabMessage = {
  kind: 'expiry',
  subject: 'u-1',
  expiry: { idle: 2, absolute: null, now: 1 },
  at: 9,
}
const look: TabMessage = { kind: 'look', reason: 'user_logout' }

/** The storage of one origin: what one tab writes is an event in every other. */
class SharedStorage {
  readonly #tabs = new Map<object, (key: string | null, value: string | null) => void>()
  readonly items = new Map<string, string>()

  tab(): TabParts & { readonly storage: object } {
    const me = {}
    const change = (key: string, value: string | null): void => {
      if ((this.items.get(key) ?? null) === value) return
      if (value === null) this.items.delete(key)
      else this.items.set(key, value)
      for (const [tab, hear] of this.#tabs) if (tab !== me) hear(key, value)
    }
    return {
      storage: { setItem: change, removeItem: (key: string) => change(key, null) },
      onStorage: (hear) => {
        this.#tabs.set(me, hear)
        return () => this.#tabs.delete(me)
      },
    }
  }
}

test('AUR-19 tabs hear each other by BroadcastChannel, and nobody hears themselves', async () => {
  await withTabs(() => ({ BroadcastChannel }))
})

test('AUR-19 where there is none, by the storage; nothing is left there', async () => {
  const storage = new SharedStorage()
  await withTabs(() => storage.tab())
  assert.equal(storage.items.size, 0)
})

test('without either, and with a storage that is full, a tab is alone and goes on', () => {
  openChannel('a', {}, () => {}).post(look)
  const full = () => {
    throw new Error('QuotaExceededError')
  }
  const storage = { setItem: full, removeItem: full }
  openChannel('a', { storage, onStorage: () => () => {} }, () => {}).post(look)
})

test('what is no message of ours is not heard', async () => {
  const heard: TabMessage[] = []
  const name = 'strangers'
  const channel = openChannel(name, { BroadcastChannel }, (message) => heard.push(message))
  const stranger = new BroadcastChannel(name)
  for (const message of [
    null,
    'look',
    {},
    { kind: 'end' },
    { ...expiry, at: 'now' },
    { ...expiry, expiry: { idle: 1 } },
    { ...expiry, subject: null },
  ])
    stranger.postMessage(message)
  stranger.postMessage({ kind: 'look', reason: 7, more: 'of a later version' })
  await until(() => heard.length > 0)
  assert.deepEqual(heard, [{ kind: 'look', reason: null }])
  stranger.close()
  channel.close()
})

async function withTabs(parts: () => TabParts): Promise<void> {
  const heard: (readonly [tab: number, TabMessage])[] = []
  const tabs: Channel[] = [0, 1, 2].map((tab) =>
    openChannel('tabs', parts(), (message) => heard.push([tab, message])),
  )
  const elsewhere = openChannel('another', parts(), (message) => heard.push([9, message]))
  // The same twice: the second is no change of anything, and is heard all the same.
  for (const message of [expiry, look, look]) tabs[0]?.post(message)
  await until(() => heard.length === 6)
  assert.deepEqual(
    heard.toSorted(([a], [b]) => a - b),
    [1, 2].flatMap((tab) => [expiry, look, look].map((message) => [tab, message] as const)),
  )
  tabs[1]?.close()
  tabs[0]?.post(look)
  await until(() => heard.length === 7)
  assert.deepEqual(heard.at(-1), [2, look])
  for (const tab of [...tabs, elsewhere]) tab.close()
}

/** Messages between ports take turns of the loop, and not a known number of them. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !holds(); turn++) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(holds())
}
