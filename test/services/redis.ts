import { run } from './run.ts'
import { commandOf, type Place, ServerProcess } from './server-process.ts'

/** A Redis of the tests' own. With `isDurable` it has written what it acknowledges. */
export async function startRedis({ isDurable = false }: { readonly isDurable?: boolean } = {}): Promise<
  ServerProcess & { readonly url: string }
> {
  const server = await ServerProcess.start({
    program: 'redis',
    args: ({ port, folder }) => {
      const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
      return [...place, '--appendonly', isDurable ? 'yes' : 'no', '--appendfsync', 'always']
    },
    ask: ping,
  })
  return Object.assign(server, { url: `redis://127.0.0.1:${server.port}` })
}

/** Fails until the server answers. */
export async function ping({ port }: Place): Promise<void> {
  const said = await run(commandOf('redis', 'redis-cli'), ['-h', '127.0.0.1', '-p', String(port), 'ping'])
  if (said.trim() !== 'PONG') throw new Error(`Redis answered ${said.trim()}`)
}
