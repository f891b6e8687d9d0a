import { readConfig, startServer } from '../src/index.ts'

/** A production start as a process of its own, for tests that end it. */
try {
  await startServer(await readConfig(process.env, process.cwd(), 'serve'))
} catch (error) {
  process.stderr.write(`sojourn: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
