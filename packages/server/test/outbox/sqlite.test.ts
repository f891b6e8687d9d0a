import { test } from 'node:test'
import { memory } from 'sojourn/stores/memory'
import { sqlite } from 'sojourn/stores/sqlite'
import { outboxOn } from './outbox-on.ts'

const run = (name: string, body: Parameters<Parameters<typeof outboxOn>[0]>[1]): void => void test(name, body)

outboxOn(run, 'sqlite and memory', () => Promise.resolve({ database: 'sqlite::memory:', store: memory() }))
outboxOn(run, 'sqlite twice', () =>
  Promise.resolve({ database: 'sqlite::memory:', store: sqlite(':memory:') }),
)
