/**
 * `npm run package`: the library as a package that installs anywhere, `dist/sojourn-<version>.tgz`, or in the folder that is
 * named. Inside this repository nothing is built; installed, Node runs no TypeScript, so what is packed is JavaScript with its
 * types beside it.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { readOptions } from './read-options.ts'

const root = join(import.meta.dirname, '..')
const source = join(root, 'packages', 'sojourn')
const help = `Usage: npm run package -- [folder]

Makes sojourn-<version>.tgz, in dist/ or in the folder that is named.`
const { positionals } = readOptions(help, { allowPositionals: true, options: {} })
const target = resolve(positionals[0] ?? join(root, 'dist'))
const built = mkdtempSync(join(tmpdir(), 'sojourn-pack-'))

try {
  compile('src', join(root, 'tsconfig.json'))
  // What runs in a browser has types of its own.
  compile('src/client/dom', join(source, 'src', 'client', 'dom', 'tsconfig.json'))
  writeFileSync(join(built, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
  cpSync(join(root, 'LICENSE'), join(built, 'LICENSE'))
  cpSync(join(root, 'README.md'), join(built, 'README.md'))
  mkdirSync(target, { recursive: true })
  const [name = ''] = run('npm', ['pack', '--silent', '--pack-destination', target], built).trim().split('\n')
  console.log(`In a project of yours: npm install ${join(target, name)}`)
} finally {
  rmSync(built, { recursive: true, force: true })
}

/** JavaScript and types of a folder. Imports in the JavaScript name `.js` files; those of types are found by their `.ts`. */
function compile(folder: string, base: string): void {
  const config = join(built, 'tsconfig.json')
  const dist = join(built, 'dist')
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: join(source, 'src'),
    outDir: dist,
    typeRoots: [join(root, 'node_modules', '@types')],
  }
  const exclude = folder === 'src' ? [join(source, 'src', 'client', 'dom')] : []
  const include = [join(source, folder)]
  writeFileSync(config, JSON.stringify({ extends: base, compilerOptions, include, exclude }))
  run('tsc', ['-p', config], root)
  rmSync(config)
}

/** What the package says of itself, with its exports where they were built. */
function manifest(): object {
  const {
    devDependencies: _,
    exports,
    ...rest
  } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as {
    readonly devDependencies: object
    readonly exports: { readonly [path: string]: string }
  }
  const moved = Object.entries(exports).map(([path, file]) => {
    const module = file.replace('./src/', './dist/').replace(/\.ts$/, '')
    return [path, { types: `${module}.d.ts`, default: `${module}.js` }]
  })
  return { ...rest, files: ['dist'], exports: Object.fromEntries(moved) as object }
}

/** What it printed. */
function run(command: string, args: readonly string[], cwd: string): string {
  const env = { ...process.env, PATH: join(root, 'node_modules', '.bin') + delimiter + process.env['PATH'] }
  const result = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // The compiler tells of its errors on standard output.
  if (result.status !== 0) {
    process.stderr.write(result.stdout ?? '')
    throw new Error(`${command} ${args.join(' ')} failed`, { cause: result.error })
  }
  return result.stdout
}
