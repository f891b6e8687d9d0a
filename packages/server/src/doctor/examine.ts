import { existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { Accounts } from '../accounts/accounts.ts'
import { Passwords } from '../accounts/passwords.ts'
import type { Config } from '../config.ts'
import { connectDatabase } from '../database/open-database.ts'
import { IntegrationSubjects } from '../integrations/integration-subjects.ts'
import { jsonLines } from '../logger.ts'
import { openSessions } from '../open-sessions.ts'
import { openStore } from '../open-store.ts'
import { storedPolicy } from '../settings/stored-policy.ts'
import { withoutPassword } from '../stores/without-password.ts'
import type { Check, Finding, Ground } from './check.ts'
import { clockCheck, deadLettersCheck, jobsCheck, migrationsCheck, outboxCheck } from './database-checks.ts'
import { placesCheck } from './places-check.ts'
import { closedAccountsCheck, limitsCheck, storeCheck } from './session-checks.ts'
import { cookiesCheck, filesCheck, passwordsCheck, secretCheck } from './settings-checks.ts'

/** What is looked at, in this order. */
const checks: readonly Check[] = [
  storeCheck,
  migrationsCheck,
  clockCheck,
  jobsCheck,
  outboxCheck,
  deadLettersCheck,
  closedAccountsCheck,
  limitsCheck,
  secretCheck,
  passwordsCheck,
  cookiesCheck,
  filesCheck,
  placesCheck,
]

type Known = { -readonly [name in keyof Ground]?: Ground[name] }

/**
 * Looks whether what a server stands on is well, and says of each thing what to do. Nothing is changed, and nothing made: a
 * database that is not there, or of another version, is told of. Never rejects.
 */
export async function examine(
  config: Config,
  secrets: readonly string[] | undefined,
  now: () => number = Date.now,
): Promise<readonly Finding[]> {
  const known: Known = { config, now }
  const findings: Finding[] = []
  const close: (() => Promise<unknown>)[] = []
  const tell = (check: string, error: unknown, todo: string): void =>
    void findings.push({ check, state: 'failure', says: saidBy(error, config), todo })
  try {
    await openAll(known, close)
  } catch (error) {
    const check =
      known.database === undefined ? 'database' : known.store === undefined ? 'session store' : 'policy'
    tell(check, error, todos[check])
  }
  for (const check of checks) findings.push(await looked(check, { ...known, secrets }, config))
  for (const one of close.toReversed()) await one().catch(() => {})
  return findings
}

const todos = {
  database: 'see SOJOURN_DATABASE, and whether a server has ever been started here',
  'session store': 'see SOJOURN_STORE, and whether it runs and can be reached from here',
  policy: 'see the policy of sojourn.config.ts, and what administrators have set',
} as const

async function openAll(known: Known, close: (() => Promise<unknown>)[]): Promise<void> {
  const { config } = known
  if (config === undefined) return
  refuseAbsent(config.database)
  const database = await connectDatabase(config.database)
  close.push(() => database.destroy())
  await database.selectFrom('revisions').select('name').limit(1).execute()
  known.database = database
  const clock = { now: known.now ?? Date.now }
  known.accounts = new Accounts(database, new Passwords(), clock)
  refuseAbsent(config.store)
  const store = await openStore({ ...config, cache: null })
  known.store = store
  close.push(async () => store.close?.())
  const log = jsonLines({ write: () => {}, level: 'silent', now: clock.now })
  const policy = await storedPolicy(database, config.policy)
  const integrationSubjects = new IntegrationSubjects(database, known.accounts, clock)
  // It makes and checks no token: any secret will do.
  const secret = [randomBytes(32).toString('base64url')]
  known.sessions = openSessions(
    { ...config, secret, policy },
    { store, accounts: known.accounts, integrationSubjects, log, sweepEvery: null },
  )
}

/** An empty one that is made on the way would look as if all were well. */
function refuseAbsent(place: string): void {
  const [, path] = /^(?:sqlite|file):(.+)$/s.exec(place) ?? []
  if (path !== undefined && path !== ':memory:' && !existsSync(path))
    throw new Error(`there is nothing at ${path}`)
}

async function looked(check: Check, known: Known, config: Config): Promise<Finding> {
  const { name, needs, look } = check
  const missing = needs.filter((need) => need !== 'secrets' && known[need] === undefined)
  if (missing.length > 0) return { check: name, state: 'skipped', says: `without ${missing.join(', ')}` }
  try {
    return { check: name, ...(await look(known as Ground)) }
  } catch (error) {
    return {
      check: name,
      state: 'failure',
      says: saidBy(error, config),
      todo: 'see what is said above; where nothing is, start a server of this version',
    }
  }
}

/** What failed, in one line, without a password. */
function saidBy(error: unknown, { store, database }: Config): string {
  const text = error instanceof Error ? error.message : String(error)
  return withoutPassword(withoutPassword(text.split(/[\r\n]/, 1)[0] ?? '', store), database)
}
