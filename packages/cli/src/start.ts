import { type Mode, readConfig, startServer } from '@sojourn/server'
import type { Terminal } from './terminal.ts'
import { Failure } from './failure.ts'

/** Starts a server that runs until a signal. */
export async function start(mode: Mode, port: string | undefined, { env, folder }: Terminal): Promise<void> {
  const config = await readConfig(port === undefined ? env : { ...env, PORT: port }, folder, mode)
  try {
    await startServer(config)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new Failure(
      'port_taken',
      `port ${config.port} is taken: stop what uses it, or choose another with --port`,
    )
  }
}
