import type { Command } from '../command.ts'
import { accountsChange } from './accounts-change.ts'
import { accountsCreate } from './accounts-create.ts'
import { accountsList } from './accounts-list.ts'
import { configReload } from './config-reload.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { jobs } from './jobs.ts'
import { keysCreate } from './keys-create.ts'
import { keysList } from './keys-list.ts'
import { keysRevoke } from './keys-revoke.ts'
import { keysRotate } from './keys-rotate.ts'
import { serve } from './serve.ts'
import { sessionsEnd } from './sessions-end.ts'
import { sessionsList } from './sessions-list.ts'
import { sessionsShow } from './sessions-show.ts'
import { settingsHistory } from './settings-history.ts'
import { settingsList } from './settings-list.ts'
import { settingsSet } from './settings-set.ts'
import { sweep } from './sweep.ts'

/** Every command, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  demo,
  serve,
  accountsCreate,
  accountsList,
  ...accountsChange,
  sessionsList,
  sessionsShow,
  sessionsEnd,
  keysCreate,
  keysList,
  keysRotate,
  keysRevoke,
  sweep,
  settingsList,
  settingsSet,
  settingsHistory,
  configReload,
  jobs,
  doctor,
]
