import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import type { StoredSetting } from '../settings/stored-settings.ts'
import type { LiveConfig } from './live-config.ts'

/** Where settings are read anew. */
export interface Sources {
  readonly configuration: () => Promise<Config>
  /** What administrators have set. */
  readonly stored: () => Promise<readonly StoredSetting[]>
}

/**
 * Goes by the settings as they are now. A configuration that does not read, or needs a restart, is logged and stays as it
 * was; what administrators have set holds all the same. False where the latter could not be read: to be tried again.
 */
export async function reloadConfig(live: LiveConfig, sources: Sources, log: Logger): Promise<boolean> {
  let stored: readonly StoredSetting[]
  try {
    stored = await sources.stored()
  } catch (error) {
    log.error({ event: 'settings.refused', err: error }, 'the settings in the database could not be read')
    return false
  }
  const isTaken = await attempt(live, sources.configuration, stored, log)
  if (!isTaken) await attempt(live, () => Promise.resolve(live.current), stored, log)
  return true
}

async function attempt(
  live: LiveConfig,
  configuration: Sources['configuration'],
  stored: readonly StoredSetting[],
  log: Logger,
): Promise<boolean> {
  try {
    const changed = await live.take(await configuration(), stored)
    if (changed.length > 0) log.info({ event: 'settings.changed', changed }, 'the settings have changed')
    return true
  } catch (error) {
    log.error({ event: 'settings.refused', err: error }, 'the settings were read anew and stay as they were')
    return false
  }
}
