import type { PgNames } from '../postgres-names.ts'
import { admitFunctions } from './admit.ts'
import { endFunctions } from './end.ts'
import { findFunctions } from './find.ts'
import { fragmentsOf } from './fragments.ts'
import { restoreFunctions } from './restore.ts'
import { sweepFunctions } from './sweep.ts'
import { writeFunctions } from './write.ts'

/** The functions of the database that do a verb in one step, each after those that it calls. */
export function functionsOf(names: PgNames): readonly string[] {
  const fragments = fragmentsOf(names)
  return [
    findFunctions,
    endFunctions,
    admitFunctions,
    restoreFunctions,
    sweepFunctions,
    writeFunctions,
  ].flatMap((of) => of(fragments))
}
