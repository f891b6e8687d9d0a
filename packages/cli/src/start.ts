import { type Config, type Mode, processIo, readConfig, startServer } from '@sojourn/server'
import type { Terminal } from './terminal.ts'
import { Failure } from './failure.ts'
import { wholeNumber } from './option-values.ts'

/** Starts a server that runs until a signal. */
export async function start(mode: Mode, port: string | undefined, { env, folder }: Terminal): Promise<void> {
  // Else a refusal would name the variable, which nobody has set.
  if (port !== undefined) wholeNumber('port', 0, 65_535, port)
  const read = (): Promise<Config> =>
    readConfig(port === undefined ? env : { ...env, PORT: port }, folder, mode)
  const config = await read()
  try {
    await startServer(config, processIo, read)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new Failure(
      'port_taken',
      `port ${config.port} is taken: stop what uses it, or choose another with --port`,
    )
  }
}
