import type { Millis, Session } from 'sojourn'
import type { Account } from '../accounts/account.ts'
import { letters } from '../mail/letters.ts'
import type { Parts } from '../parts.ts'
import { siteOf } from '../site.ts'
import { type FactorProof, proofByCode, proofByPasskey } from './factor-proof.ts'
import { judgeAssertion } from './passkey-assertion.ts'

/** What was sent for the second step; the others are empty. */
export interface Shown {
  readonly code: string
  readonly recovery: string
  readonly response: string
}

export type SecondFactor =
  | { readonly state: 'good'; readonly proof: FactorProof }
  /** `why` is for the log. */
  | { readonly state: 'wrong'; readonly why: string }
  /** Nothing was looked at. */
  | { readonly state: 'too_many'; readonly wait: Millis }

/**
 * Judges the second step of a sign-in that waits. Codes of an app are few, so that guessing them is slowed down; nobody
 * guesses a recovery code or a passkey, so that these stay a way in whatever others do.
 */
export async function showSecondFactor(
  parts: Parts,
  account: Account,
  waiting: Session,
  { shown, device }: { readonly shown: Shown; readonly device: string | undefined },
): Promise<SecondFactor> {
  if (shown.response !== '') return byPasskey(parts, account, waiting, shown.response)
  if (shown.recovery !== '') return byRecoveryCode(parts, account, waiting, shown.recovery)
  const { limit, totp } = parts.factors
  const taken = await limit.attempt({ account: account.id, device })
  if (typeof taken === 'number') return { state: 'too_many', wait: taken }
  const isGood = await totp.spend(account.id, shown.code).catch(async (error: unknown) => {
    await limit.giveBack(taken)
    throw error
  })
  if (!isGood) return { state: 'wrong', why: 'code' }
  await limit.giveBack(taken)
  return { state: 'good', proof: proofByCode(waiting.amr) }
}

async function byPasskey(
  parts: Parts,
  { id: account }: Account,
  { id: session, amr }: Session,
  response: string,
): Promise<SecondFactor> {
  const judged = await judgeAssertion(parts, { purpose: 'second-step', account, session }, response)
  if (judged.state === 'refused') return { state: 'wrong', why: `passkey: ${judged.why}` }
  const { passkey, isVerified } = judged
  return { state: 'good', proof: proofByPasskey(amr, { isSynced: passkey.isSynced, isVerified }) }
}

async function byRecoveryCode(
  { factors, mailer, log, config }: Parts,
  { id, email }: Account,
  { amr }: Session,
  written: string,
): Promise<SecondFactor> {
  if (!(await factors.recoveryCodes.spend(id, written))) return { state: 'wrong', why: 'recovery code' }
  const left = await factors.recoveryCodes.left(id)
  log.info({ event: 'recovery_code.used', account: id, left }, 'a recovery code was used')
  mailer?.post({ to: email, ...letters.recoveryCodeUsed(siteOf(config), left) })
  return { state: 'good', proof: proofByCode(amr) }
}
