/** A process that logs in, and stands still before or after it writes that, until it is woken. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { SessionError } from '../../../src/core/errors.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { listIds } from '../../../src/testing/store-contract/law.ts'

const [folder = '', phase = ''] = process.argv.slice(2)
const { writeSync } = fs
let isAwake = true

function sleep(): void {
  if (!isAwake) return
  isAwake = false
  writeSync(2, 'asleep\n')
  process.kill(process.pid, 'SIGSTOP')
}

const { file } = await import('../../../src/stores/file.ts')
const store = file(folder)
Object.assign(fs, {
  writeSync: (...args: Parameters<typeof writeSync>) => {
    if (phase === 'before') sleep()
    const written = writeSync(...args)
    if (phase === 'after') sleep()
    return written
  },
})
syncBuiltinESMExports()
let error = 'none'
try {
  const limit = { most: 1, onExceed: 'evict' } as const
  await store.create(newSession({ id: 'sleeper', createdAt: start + 1 }), { limit })
} catch (cause) {
  error = cause instanceof SessionError ? cause.code : String(cause)
}
process.stdout.write(JSON.stringify({ error, live: await listIds(store) }))
await store.close?.()
