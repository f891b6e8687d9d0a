import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

const root = join(import.meta.dirname, '..')

/** The README's first TypeScript example, with its database in a folder of its own. */
async function example(folder: string): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, code] = /```ts\n(import express[\s\S]*?)```/.exec(readme) ?? []
  assert.ok(code, 'the README has an Express example')
  assert.ok(code.includes("'app.db'"))
  const ready = "\nprocess.stdout.write('ready\\n')"
  return code.replace("'app.db'", JSON.stringify(join(folder, 'app.db'))) + ready
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

test("the README's Express example signs in, protects a page and signs out", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-readme-'))
  const port = await freePort()
  let child: ChildProcess | undefined
  try {
    const code = await example(folder)
    child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
      cwd: root,
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    assert.ok(child.stdout)
    const began = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => undefined)])
    assert.ok(began, 'the example started')
    const base = `http://localhost:${port}`
    const post = { method: 'POST', redirect: 'manual' } as const

    assert.equal(await (await fetch(base)).text(), 'guest')
    assert.equal((await fetch(`${base}/orders`)).status, 401)
    const login = await fetch(`${base}/login`, post)
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    assert.match(cookie, /^__Host-Http-sid=[\w-]{22}\.[\w-]{43}$/)
    assert.equal(await (await fetch(base, { headers: { cookie } })).text(), 'u-42')
    assert.equal((await fetch(`${base}/orders`, { headers: { cookie } })).status, 200)
    const logout = await fetch(`${base}/logout`, { ...post, headers: { cookie, origin: base } })
    assert.equal(logout.status, 302)
    assert.equal(await (await fetch(base, { headers: { cookie } })).text(), 'guest')
  } finally {
    if (child?.exitCode === null) {
      child.kill()
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true })
  }
})
