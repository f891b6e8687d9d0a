import { jsonLines } from '../../src/logger.ts'
import { readConfig } from '../../src/config.ts'
import { createServer } from '../../src/server.ts'

/** A server as a process of its own that test receivers on this machine hear, and whose leases are short. */
const config = await readConfig(process.env, process.cwd(), 'serve')
const log = jsonLines({ write: (line) => void process.stdout.write(line), now: Date.now })
const server = await createServer(
  { ...config, mode: 'demo', webhookNetworks: ['127.0.0.0/8'] },
  { log, leaseLasts: 1_000 },
)
const { port } = await server.listen()
log.info({ event: 'server.started', port }, 'listening')
process.on('SIGTERM', () => void server.close(0).then(() => process.exit(0)))
