import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { jobsOn } from './jobs-on.ts'

let folder = ''
let databases = 0
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sojourn-'))
})
after(() => rm(folder, { recursive: true, force: true }))

jobsOn(
  (name, run) => void test(name, run),
  'sqlite',
  () => Promise.resolve(`sqlite:${join(folder, `${databases++}.db`)}`),
)
