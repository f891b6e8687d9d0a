import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import type { LiveConfig } from './live-config.ts'

/** Goes by the settings as they are written now. What does not read, or needs a restart, is logged, and nothing changes. */
export async function reloadConfig(
  live: LiveConfig,
  reread: () => Promise<Config>,
  log: Logger,
): Promise<void> {
  try {
    const changed = await live.take(await reread())
    if (changed.length > 0) log.info({ event: 'settings.changed', changed }, 'the settings have changed')
  } catch (error) {
    log.error({ event: 'settings.refused', err: error }, 'the settings were read anew and stay as they were')
  }
}
