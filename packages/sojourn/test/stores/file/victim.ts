/**
 * A process that takes one step after the other, says when each is done, and is killed by its own hand at a call of the file
 * system: before it, after it, or with half of what it would write.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { runStep } from './steps.ts'

const [folder = '', first = '0', fatal = '0', phase = 'before'] = process.argv.slice(2)
const { writeSync } = fs
let calls = 0

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

for (const name of ['linkSync', 'unlinkSync', 'writeSync', 'fchmodSync', 'openSync', 'closeSync'] as const) {
  const call = fs[name] as (...args: readonly unknown[]) => unknown
  const planted = (...args: readonly unknown[]): unknown => {
    const isFatal = ++calls === Number(fatal)
    if (isFatal && phase === 'before') die()
    if (isFatal && phase === 'half' && name === 'writeSync') {
      const [fd, bytes] = args as [number, Buffer]
      writeSync(fd, bytes, 0, bytes.length >> 1)
      die()
    }
    const result = call(...args)
    if (isFatal) die()
    return result
  }
  Object.assign(fs, { [name]: planted })
}
syncBuiltinESMExports()

const { file } = await import('../../../src/stores/file.ts')
const store = file(folder)
for (let number = Number(first); ; number++) {
  await runStep(store, number)
  writeSync(1, '.')
}
