import type { Config } from './config.ts'
import { unusable } from './config/opened.ts'
import { demoMessage, seedDemo } from './demo.ts'
import { jsonLines, type Logger } from './logger.ts'
import { createServer, type Server } from './server.ts'
import { aroundLine } from './telemetry/request-trail.ts'

/** What a started server has of the process around it. */
export interface Io {
  /** Text for the person at the terminal. */
  readonly print: (text: string) => void
  readonly log?: Logger
  /** Hears of the signals that ask the process to end. */
  readonly onSignal: (stop: () => void) => void
  /** Hears of the signal that asks to read the settings anew. */
  readonly onReload?: (reload: () => void) => void
  /** Ends the process; 0 after a stop in good order. */
  readonly exit: (code: number) => void
}

export interface RunningServer extends Server {
  /** Where it answers: the port that was asked for, or the one that was free. */
  readonly address: string
}

/** The terminal and the signals of this very process. */
export const processIo: Io = {
  print: (text) => void process.stdout.write(text),
  onSignal(stop) {
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  },
  onReload: (reload) => void process.on('SIGHUP', reload),
  exit: (code) => process.exit(code),
}

/**
 * Starts a server and says where. The first signal stops it in good order: it accepts no more, answers what is under way,
 * writes what was held back, and exits with 0. The second ends the process at once. `reread`: reads the settings as they are
 * written by then, for SIGHUP and for all nodes of one database; a demo ends with its terminal instead.
 */
export async function startServer(
  config: Config,
  io: Io = processIo,
  reread?: () => Promise<Config>,
): Promise<RunningServer> {
  const log = io.log ?? logOf(config, io)
  const server = await createServer(config, { log, ...(reread && { reread }) })
  stopOnSignal(server, log, io)
  if (config.mode === 'serve' && reread !== undefined) io.onReload?.(() => void server.reload())
  // The address first: a demo whose port is taken leaves the passwords of the one that runs there as they are.
  const { port, people } = await begin(server, config).catch(async (error: unknown) => {
    await server.close(0)
    throw error
  })
  const address = config.port === port ? config.url : `http://localhost:${port}`
  if (config.mode === 'demo') io.print(demoMessage(address, config, people))
  else log.info({ event: 'server.started', url: config.url, port }, `listening on port ${port}`)
  for (const name of config.unknownVariables)
    log.warn(
      { event: 'setting.unknown', name },
      `${name} is no setting, and is ignored: 'sojourn help' lists them`,
    )
  if (config.mode === 'serve' && config.store.startsWith('memory:'))
    log.warn(
      {},
      'sessions are kept in memory alone: they end with this process, and no other one knows of them',
    )
  if (config.mode === 'serve' && server.mailer === undefined)
    log.warn(
      {},
      'SOJOURN_SMTP is not set: no mail is sent. E-mail addresses are not verified, a sign-up tells whether an address has an account, and nobody can reset a password',
    )
  if (config.mode === 'serve' && config.url.startsWith('https:') && config.trustProxy === 0)
    log.warn(
      {},
      'url is https, and this server speaks plain HTTP: set trustProxy to the number of proxies in front, so that it knows who asks',
    )
  return { ...server, address }
}

async function begin(server: Server, { mode }: Config) {
  const { port } = await server.listen().catch((error: unknown) => {
    // Who started it knows best what to do about a port that is taken.
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw error
    throw unusable('PORT, SOJOURN_HOST', 'a port and an address to listen on', error)
  })
  return { port, people: mode === 'demo' ? await seedDemo(server.accounts, server.lockout) : [] }
}

/** A demo keeps its terminal for its person: warnings and errors alone. */
function logOf({ logLevel: level }: Config, { print }: Io): Logger {
  return jsonLines({ write: print, level, now: Date.now, around: aroundLine })
}

function stopOnSignal(server: Server, log: Logger, { onSignal, exit }: Io): void {
  let isStopping = false
  onSignal(() => {
    if (isStopping) return exit(1)
    isStopping = true
    server.close().then(
      () => exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the server could not stop in good order')
        exit(1)
      },
    )
  })
}
