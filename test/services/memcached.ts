import { connect } from 'node:net'
import { accountFor } from './run.ts'
import { type Instance, type Place, ServerProcess } from './server-process.ts'

/** A Memcached of the tests' own, on loopback alone. It forgets all it has when it ends. */
export async function startMemcached({ megabytes = 64 }: { readonly megabytes?: number } = {}): Promise<
  ServerProcess & { readonly url: string }
> {
  const account = accountFor('nobody')
  const instance: Instance = {
    program: 'memcached',
    args: ({ port }) => ['-l', '127.0.0.1', '-p', String(port), '-U', '0', '-m', String(megabytes)],
    ask: version,
    ...(account === undefined ? {} : { account }),
  }
  const server = await ServerProcess.start(instance)
  return Object.assign(server, { url: `memcached://127.0.0.1:${server.port}` })
}

/** Fails until the server answers. */
async function version({ port }: Place): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('data', (data) => resolve(data.toString()))
      socket.write('version\r\n')
    })
    if (!answer.startsWith('VERSION ')) throw new Error(`Memcached answered ${answer}`)
  } finally {
    socket.destroy()
  }
}
