import type { Parts } from '../parts.ts'
import { affectedSessions } from './affected-sessions.ts'
import {
  changeSettings,
  judgeChange,
  type Refusal,
  type Saved,
  type SettingsGround,
  type Wanted,
} from './change-settings.ts'
import { sourceOf } from './layer.ts'
import { type Undo, undoSettings } from './undo-settings.ts'

/** What a change of the settings stands on, in a running server. */
export function groundOf({ database, config, tryPolicy, sessions }: Parts): SettingsGround {
  return { database, configured: config.policy, tryPolicy, now: () => sessions.now() }
}

/**
 * Makes a change, and has this node go by it before it answers; the others follow. `standing`: what is against it among the
 * sessions that stand ends now, instead of when it is next used.
 */
export async function saveSettings(
  parts: Parts,
  wanted: Wanted,
  standing: 'end' | 'later',
): Promise<(Saved & { readonly ended: number }) | Refusal> {
  const { sessions, log } = parts
  const judgement = await judgeChange(groundOf(parts), wanted)
  if (judgement.state !== 'ready') return judgement
  const { ids } = standing === 'end' ? await affectedSessions(sessions, wanted.layer, judgement) : { ids: [] }
  const saved = await changeSettings(groundOf(parts), wanted)
  if (saved.state !== 'saved') return saved
  await parts.reload()
  let ended = 0
  for (const id of ids) ended += (await sessions.end({ id }, 'policy_changed', wanted.by ?? undefined)).length
  told(log, wanted, saved, ended)
  return { ...saved, ended }
}

/** Puts back what a revision changed. */
export async function saveUndo(parts: Parts, undo: Undo): Promise<Saved | Refusal | undefined> {
  const outcome = await undoSettings(groundOf(parts), undo)
  if (outcome?.state !== 'saved') return outcome
  await parts.reload()
  parts.log.info(
    { event: 'settings.undone', ...outcome, undoes: undo.revision, by: undo.by },
    'settings.undone',
  )
  return outcome
}

function told(log: Parts['log'], { layer, by, note }: Wanted, saved: Saved, ended: number): void {
  const { revision, changes } = saved
  const where = layer.kind === 'subject' ? { subject: layer.name } : {}
  const line = { event: 'settings.set', revision, by, layer: sourceOf(layer), ...where, changes, note, ended }
  log.info(line, 'an administrator changed the settings')
}
