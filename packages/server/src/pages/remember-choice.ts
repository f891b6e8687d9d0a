import type { Millis } from 'sojourn'
import { choice } from './choice.ts'
import type { Html } from './html.ts'
import { spanWords } from './moment.ts'

export interface RememberChoice {
  /** For how long the device is remembered; without it nobody is asked. */
  readonly rememberFor?: Millis | null | undefined
  /** What was chosen before; off if left out, as a device may be shared. */
  readonly remember?: boolean | undefined
}

/** Whether the device is remembered: `remember` is `t`, or absent. */
export function rememberChoice({ rememberFor, remember }: RememberChoice): Html | false {
  if (rememberFor === undefined || rememberFor === null) return false
  return choice({
    name: 'remember',
    id: 'remember',
    label: 'Keep me signed in on this device',
    hint: `You come back without signing in for ${spanWords(rememberFor)} after your last visit. Not for a device that others use.`,
    isChosen: remember,
  })
}
