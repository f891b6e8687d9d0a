import type { KeyGround } from '../keys/change-keys.ts'
import type { Asked, Parts } from '../parts.ts'
import { signedIn } from './signed-in.ts'

/** An administrator changes keys. */
export function keyGround(asked: Asked, { keys, log }: Pick<Parts, 'keys' | 'log'>): KeyGround {
  return { keys: keys.all, log, by: signedIn(asked).id }
}
