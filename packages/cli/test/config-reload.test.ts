import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { secret } from './a-server.ts'
import { aCommandLine, type CommandLine } from './command-line.ts'

const write = ({ folder }: CommandLine, written: string): Promise<void> =>
  writeFile(join(folder, 'sojourn.config.ts'), `export default ${written}`)

test('JAD-15 config reload asks the servers that run, SIGHUP asks one, and neither ends it', async (t) => {
  const line = await aCommandLine(t)
  await write(line, `{ signup: true }`)
  const child = line.start(['serve'], { PORT: '0', SOJOURN_HOST: '127.0.0.1', SOJOURN_SECRET: secret })
  assert.ok(child.stdout)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (event: string): Promise<{ readonly port: number; readonly changed: unknown }> => {
    for (;;) {
      const { value, done } = await lines.next()
      assert.ok(done !== true, `it ended before ${event}`)
      if (value.includes(event)) return JSON.parse(value) as Awaited<ReturnType<typeof next>>
    }
  }
  const { port } = await next('server.started')
  const signup = async (): Promise<number> => (await fetch(`http://localhost:${port}/signup`)).status
  assert.equal(await signup(), 200)
  await write(line, `{ signup: false }`)
  assert.deepEqual(await line.json(['config', 'reload']), { revision: 1, within: 5_000 })
  assert.deepEqual((await next('settings.changed')).changed, ['signup'])
  assert.equal(await signup(), 404)
  await write(line, `{ signup: true }`)
  child.kill('SIGHUP')
  await next('settings.changed')
  assert.equal(await signup(), 200)
})

test('config reload asks nobody where the settings of its folder are wrong, or no server is there', async (t) => {
  const line = await aCommandLine(t)
  for (const [written, says] of [
    [`{ signup: 'perhaps' }`, /signup: expected true or false/],
    [`{ policy: { idleTimeout: 'soon' } }`, /policy\.idleTimeout: expected/],
    [`{}`, /there is no server's database at .*server\.db/],
  ] as const) {
    await write(line, written)
    const { code, out, err } = await line.here(['config', 'reload'])
    assert.deepEqual({ code, out }, { code: 1, out: '' })
    assert.match(err, says)
  }
})
