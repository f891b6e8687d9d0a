import { execFile, type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Why there is no PostgreSQL to test with, or false. */
export const postgresIsMissing: string | false =
  spawnSync('initdb', ['--version']).status === 0 && spawnSync('postgres', ['--version']).status === 0
    ? false
    : 'PostgreSQL (initdb, postgres) is not installed'

/** PostgreSQL refuses to run as root; then it runs as the user that owns nothing. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** The role, where a test creates it, that no connection opens without its password. */
export const locked = 'locked'

let cluster: Promise<{ readonly folder: string; readonly child: ChildProcess }> | undefined

/** The folder of the socket of a PostgreSQL of this test file's own, started at first use and stopped at its end. */
export async function postgresSocket(): Promise<string> {
  cluster ??= startCluster()
  return (await cluster).folder
}

after(async () => {
  if (cluster === undefined) return
  const { folder, child } = await cluster
  const gone = new Promise((resolve) => child.once('exit', resolve))
  // Fast shutdown: whoever is connected is cut off.
  child.kill('SIGINT')
  await gone
  await rm(folder, { recursive: true, force: true })
})

async function startCluster() {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-pg-'))
  if (nobody.uid !== undefined) await chown(folder, nobody.uid, nobody.gid)
  const data = join(folder, 'data')
  const settings = { ...nobody, cwd: folder, env: { ...process.env, LC_ALL: 'C' } }
  await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'], settings)
  // One role needs its password; PostgreSQL goes by the first line that fits.
  const rules = join(data, 'pg_hba.conf')
  await writeFile(rules, `local all ${locked} scram-sha-256\n${await readFile(rules, 'utf8')}`)
  const options = ['-D', data, '-k', folder, '-h', '', '-c', 'fsync=off', '-c', 'max_connections=60']
  const child = spawn('postgres', options, { ...settings, stdio: ['ignore', 'ignore', 'pipe'] })
  await listening(child)
  return { folder, child }
}

/** Resolves once the log says that connections are welcome. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', (text: string) => {
      said += text
      if (said.includes('ready to accept connections')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)))
  })
}
