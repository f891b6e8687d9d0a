import { randomBytes } from 'node:crypto'
import type { Role } from './accounts/account.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { Config } from './config.ts'
import type { Lockout } from './accounts/lockout.ts'

export interface DemoPerson {
  readonly email: string
  readonly role: Role
  /** Good until the next start. */
  readonly password: string
}

const people = [
  { name: 'Ada', email: 'ada@example.com', role: 'super-admin' },
  { name: 'Sam', email: 'sam@example.com', role: 'store-admin' },
  { name: 'Uma', email: 'uma@example.com', role: 'user' },
] as const

/** Makes the people of a demo, or gives them new passwords. Their sessions stay as they are. */
export async function seedDemo(accounts: Accounts, lockout: Lockout): Promise<readonly DemoPerson[]> {
  return Promise.all(
    people.map(async ({ name, email, role }) => {
      const password = onePassword()
      const known = await accounts.findByEmail(email)
      if (known === undefined) await accounts.create({ name, email, password, roles: [role] })
      else await accounts.setPassword(known.id, password)
      await lockout.forget(email)
      return { email, role, password }
    }),
  )
}

/** What a person sees at the start of a demo. For the terminal alone: it goes to no log. */
export function demoMessage(
  url: string,
  { data, store }: Pick<Config, 'data' | 'store'>,
  people: readonly DemoPerson[],
): string {
  const width = Math.max(...people.map(({ email }) => email.length))
  const lines = people.map(({ email, role, password }) => `    ${email.padEnd(width)}  ${password}  ${role}`)
  return [
    '',
    `  Sojourn demo: ${url}`,
    '',
    '  Sign in as one of these people, or sign up. The passwords are good until the next start.',
    '',
    ...lines,
    '',
    `  Data is kept in ${data}; remove that folder to begin anew. Ctrl+C stops.`,
    ...(store.startsWith('memory:') ? ['  Sessions are kept in memory alone: they end with it.'] : []),
    '',
    '',
  ].join('\n')
}

/** 80 random bits, as four groups that can be read aloud: no 0 and o, no 1 and l. */
function onePassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
  const letters = Array.from(randomBytes(16), (byte) => alphabet[byte % alphabet.length] ?? '')
  return [0, 4, 8, 12].map((at) => letters.slice(at, at + 4).join('')).join('-')
}
