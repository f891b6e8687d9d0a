import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const env = { ...process.env, PATH: join(root, 'node_modules', '.bin') + delimiter + process.env['PATH'] }

describe('the library as it is packed', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-installed-'))
  const { exports } = JSON.parse(readFileSync(join(root, 'packages/sojourn/package.json'), 'utf8')) as {
    readonly exports: { readonly [path: string]: string }
  }
  const names = Object.keys(exports).map((path) => path.replace('.', 'sojourn'))

  before(() => {
    run('node', [join(root, 'scripts/package.ts'), folder], root)
    const [tarball = ''] = readdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
    run('npm', ['install', '--offline', '--silent', '--no-audit', '--no-fund', `./${tarball}`], folder)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('it brings nothing else along, and no TypeScript to run', () => {
    assert.deepEqual(
      readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['sojourn'],
    )
    const files = readdirSync(join(folder, 'node_modules/sojourn'), { recursive: true, encoding: 'utf8' })
    assert.deepEqual(
      files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')),
      [],
    )
  })

  test('every export can be imported', () => {
    const modules = names.filter((name) => !name.endsWith('client/dom'))
    writeFileSync(
      join(folder, 'all.js'),
      `await Promise.all(${JSON.stringify(modules)}.map((n) => import(n)))`,
    )
    run('node', ['all.js'], folder)
  })

  test('an application logs somebody in, and serves the browser side', () => {
    const app = `
      import { createSessions } from 'sojourn'
      import { clientModules } from 'sojourn/web/client-modules'
      import { sqlite } from 'sojourn/stores/sqlite'
      const auth = createSessions({ store: sqlite(':memory:'), secret: 'a secret of thirty-two characters' })
      const request = { ip: null, userAgent: null, passive: false }
      const { token } = await auth.start({ subject: 'u-1', request })
      const found = await auth.verify(token.reveal(), request)
      await auth.close()
      console.log(found.state, found.session.subject, clientModules().files.has('dom/start.js'))`
    writeFileSync(join(folder, 'app.js'), app)
    assert.equal(run('node', ['app.js'], folder).trim(), 'active u-1 true')
  })

  test('its types are found, and hold', () => {
    const imports = names.map((name, index) => `import * as m${index} from '${name}'`)
    const wrong = `import { createSessions } from 'sojourn'\n// @ts-expect-error\ncreateSessions({ nothing: 1 })`
    const uses = `export const all = [${names.map((_, index) => `m${index}`).join(', ')}]`
    writeFileSync(join(folder, 'app.ts'), [...imports, wrong, uses].join('\n'))
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2024',
      lib: ['es2024', 'dom', 'dom.iterable'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      strict: true,
      noEmit: true,
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }))
    run('tsc', ['-p', '.'], folder)
  })
})

/** What it prints. Throws with all of it where it fails. */
function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
