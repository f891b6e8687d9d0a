import type { Clock } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import { Challenges } from './challenges.ts'
import { Passkeys } from './passkeys.ts'
import { RecoveryCodes } from './recovery-codes.ts'
import { SecondStepLimit } from './second-step-limit.ts'
import { Totp } from './totp.ts'

/** Everything that accounts prove themselves with beside a password and their mail. */
export class Factors {
  readonly totp: Totp
  readonly recoveryCodes: RecoveryCodes
  readonly passkeys: Passkeys
  readonly challenges: Challenges
  readonly limit: SecondStepLimit

  /** `secrets`: the current one, then the previous. */
  constructor(database: Database, secrets: readonly string[], clock: Pick<Clock, 'now'>) {
    this.totp = new Totp(database, secrets, clock)
    this.recoveryCodes = new RecoveryCodes(database, secrets, clock)
    this.passkeys = new Passkeys(database, clock)
    this.challenges = new Challenges(database, secrets, clock)
    this.limit = new SecondStepLimit(database, clock)
  }

  /** Whether a sign-in to the account takes a second step: it has an authenticator app, or a passkey. */
  async isOn(account: string): Promise<boolean> {
    if ((await this.totp.find(account)) !== undefined) return true
    return (await this.passkeys.of(account)).length > 0
  }

  /** Nobody is asked for a second step any more, and what was for it is good for nothing. */
  async removeAll(account: string): Promise<void> {
    await this.totp.remove(account)
    await this.passkeys.removeAll(account)
    await this.recoveryCodes.remove(account)
    await this.limit.forget(account)
  }

  /** Recovery codes without anything to recover would be good for nothing. */
  async afterRemoval(account: string): Promise<void> {
    if (!(await this.isOn(account))) await this.recoveryCodes.remove(account)
  }
}
