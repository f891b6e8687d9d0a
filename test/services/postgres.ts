import { accountFor, run } from './run.ts'
import { commandOf, type Instance, ServerProcess } from './server-process.ts'

const user = 'sojourn'

/** A PostgreSQL of the tests' own. It is durable, as far as a killed process goes: only a power failure could lose a commit. */
export async function startPostgres(
  settings: readonly string[] = [],
): Promise<ServerProcess & { readonly url: string }> {
  const account = accountFor('postgres')
  const instance: Instance = {
    program: 'postgres',
    prepare: async ({ folder }) => {
      const args = [
        '-D',
        `${folder}/data`,
        '-U',
        user,
        '--auth=trust',
        '--no-sync',
        '-E',
        'UTF8',
        '--locale=C',
      ]
      await run(commandOf('postgres', 'initdb'), args, account)
    },
    args: ({ port, folder }) => {
      const place = ['-D', `${folder}/data`, '-p', String(port), '-k', folder, '-h', '127.0.0.1']
      const defaults = ['fsync=off', 'max_connections=100', 'shared_buffers=64MB']
      return [...place, ...[...defaults, ...settings].flatMap((setting) => ['-c', setting])]
    },
    ask: ({ port }) => run(commandOf('postgres', 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]),
    ...(account === undefined ? {} : { account }),
  }
  const server = await ServerProcess.start(instance)
  return Object.assign(server, { url: `postgres://${user}@127.0.0.1:${server.port}/postgres` })
}
