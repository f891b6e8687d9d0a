import { changeSettings, type Refusal, type Saved, type SettingsGround } from './change-settings.ts'
import { readLayer, readRevisions } from './stored-settings.ts'

/** What is undone, by whom, and why. */
export interface Undo {
  readonly revision: number
  readonly by: string | null
  readonly note: string
}

/**
 * Puts back what a revision changed, by a new one. What was changed again since is not overwritten: `outdated` tells of it.
 * `undefined`: there is no such revision.
 */
export async function undoSettings(
  ground: SettingsGround,
  { revision, by, note }: Undo,
): Promise<Saved | Refusal | undefined> {
  const { database } = ground
  const [undone] = await readRevisions(database, { after: revision - 1, before: revision + 1, limit: 1 })
  if (undone === undefined) return undefined
  const { layer, changes } = undone
  const current = await readLayer(database, layer)
  if (current === undefined) return { state: 'gone' }
  const isAsItLeft = changes.every(({ option, after }) => (current.values.get(option) ?? null) === after)
  if (!isAsItLeft)
    return { state: 'outdated', since: await readRevisions(database, { layer, after: revision, limit: 50 }) }
  const values = new Map(changes.map(({ option, before }) => [option, before] as const))
  return changeSettings(ground, { layer, seen: current.revision, values, by, note, undoes: revision })
}
