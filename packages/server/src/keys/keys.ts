import type { Clock } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import { ApiKeys } from './api-keys.ts'
import { KeyRate } from './key-rate.ts'
import { WrongKeys } from './wrong-keys.ts'

/** Everything that a request with an API key is judged by. */
export class Keys {
  readonly all: ApiKeys
  readonly rate = new KeyRate()
  readonly wrong: WrongKeys

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.all = new ApiKeys(database, clock)
    this.wrong = new WrongKeys(database, clock)
  }
}
