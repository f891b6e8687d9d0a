import { accountFor, run } from './run.ts'
import { commandOf, type Instance, ServerProcess } from './server-process.ts'

const user = 'sojourn'

export interface MariadbServer extends ServerProcess {
  readonly url: string
  /** Makes an empty database beside the first one, and tells its URL. */
  newDatabase(name: string): Promise<string>
}

/**
 * A MariaDB of the tests' own, which reads no configuration of the machine. Each commit is written before it is acknowledged, so
 * that a killed server has lost none.
 */
export async function startMariadb(settings: readonly string[] = []): Promise<MariadbServer> {
  const account = accountFor('mysql')
  const instance: Instance = {
    program: 'mariadb',
    prepare: async ({ folder }) => {
      const args = [
        '--no-defaults',
        `--datadir=${folder}/data`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--skip-name-resolve',
      ]
      await run(commandOf('mariadb', 'mariadb-install-db'), args, account)
    },
    args: ({ port, folder }) => [
      '--no-defaults',
      `--datadir=${folder}/data`,
      `--tmpdir=${folder}`,
      `--socket=${folder}/socket`,
      `--pid-file=${folder}/pid`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=256M',
      '--innodb-flush-log-at-trx-commit=1',
      ...settings,
    ],
    ask: ({ folder }) =>
      tell(
        folder,
        `CREATE DATABASE IF NOT EXISTS sojourn CHARACTER SET utf8mb4;
          CREATE USER IF NOT EXISTS ${user}@'127.0.0.1'; GRANT ALL ON \`sojourn%\`.* TO ${user}@'127.0.0.1'`,
      ),
    ...(account === undefined ? {} : { account }),
  }
  const server = await ServerProcess.start(instance)
  const urlOf = (database: string): string => `mysql://${user}@127.0.0.1:${server.port}/${database}`
  return Object.assign(server, {
    url: urlOf('sojourn'),
    newDatabase: async (name: string): Promise<string> => {
      await tell(server.place.folder, `CREATE DATABASE sojourn_${name} CHARACTER SET utf8mb4`)
      return urlOf(`sojourn_${name}`)
    },
  })
}

/** Has the server run SQL, as its root. */
async function tell(folder: string, sql: string): Promise<void> {
  const args = ['--no-defaults', `--socket=${folder}/socket`, '--user=root', `--execute=${sql}`]
  await run(commandOf('mariadb', 'mariadb'), args)
}
