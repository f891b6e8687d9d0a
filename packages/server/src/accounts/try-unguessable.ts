import type { Millis } from 'sojourn'
import type { Lockout } from './lockout.ts'

/**
 * Judges a link of a letter or a passkey, which nobody guesses: it is counted as a failure of its network until it is found
 * good, so that whoever tries none the less costs little. A number: for how many milliseconds nothing is looked at. Where it could
 * not be judged it is as if it had not been.
 */
export async function tryUnguessable<T extends object | undefined>(
  lockout: Lockout,
  address: string | null,
  judge: () => Promise<T>,
  isGood: (judged: T) => boolean = (judged) => judged !== undefined,
): Promise<T | Millis> {
  const taken = await lockout.tryUnguessable(address)
  if (typeof taken === 'number') return taken
  const judged = await judge().catch(async (error: unknown) => {
    await lockout.giveBack([taken])
    throw error
  })
  if (isGood(judged)) await lockout.giveBack([taken])
  return judged
}
