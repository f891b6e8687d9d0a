/** A process of its own that logs in and out, from a number on, and says each step once it was answered, until it is killed. */
import { writeSync } from 'node:fs'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'

const [path = '', first = ''] = process.argv.slice(2)
const store = sqlite(path)
for (let number = Number(first); ; number++) {
  await store.create(newSession({ id: `s-${number}`, createdAt: start + number }))
  writeSync(1, `+${number}\n`)
  if (number % 2 === 0) continue
  await store.end({ realm: 'main', id: `s-${number}` }, { at: start + number, reason: 'user_logout' })
  writeSync(1, `-${number}\n`)
}
