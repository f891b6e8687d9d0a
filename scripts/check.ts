/**
 * `npm run check`: types, lint, format and the rules of the architecture, in that order, stopping at the first that
 * fails. What the whole test suite shows is `npm test`.
 */
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '..')

const steps: readonly (readonly [name: string, command: string, ...args: readonly string[]])[] = [
  ['types', 'tsc', '-p', '.'],
  ['types in the browser', 'tsc', '-p', 'packages/sojourn/src/client/dom'],
  ['types of the passkeys in the browser', 'tsc', '-p', 'packages/server/src/browser'],
  ['lint', 'oxlint'],
  ['format', 'oxfmt', '--check', '.'],
  ['architecture', 'node', '--test', 'test/architecture.test.ts'],
]

const began = performance.now()
const env = { ...process.env, PATH: join(root, 'node_modules', '.bin') + delimiter + process.env['PATH'] }

for (const [index, [name, command, ...args]] of steps.entries()) {
  console.log(`\n▶ ${name}: ${[command, ...args].join(' ')}`)
  const start = performance.now()
  const shell = process.platform === 'win32'
  const result = spawnSync(command, args, { cwd: root, env, shell, stdio: 'inherit' })
  if (result.status !== 0) {
    const skipped = steps.slice(index + 1).map(([next]) => next)
    console.error(
      `\n✖ ${name} failed after ${since(start)}${result.error ? `: ${result.error.message}` : ''}`,
    )
    if (skipped.length > 0) console.error(`  not run: ${skipped.join(', ')}`)
    process.exit(1)
  }
  console.log(`✔ ${name} ${since(start)}`)
}

console.log(`\n✔ check passed in ${since(began)}`)

function since(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
