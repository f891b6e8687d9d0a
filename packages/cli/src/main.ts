#!/usr/bin/env node
import { readConfig, startServer } from '@sojourn/server'

const [command] = process.argv.slice(2)
if (command !== 'demo' && command !== 'serve') {
  process.stderr.write('usage: sojourn demo | serve\n')
  process.exit(2)
}
try {
  await startServer(await readConfig(process.env, process.cwd(), command))
} catch (error) {
  process.stderr.write(`sojourn: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
