import type { Instant } from 'sojourn'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Layer } from './layer.ts'
import type { SettingName } from './setting.ts'

/** One value that administrators have set. */
export interface StoredSetting {
  readonly layer: Layer
  readonly option: SettingName
  /** As JSON. */
  readonly value: string
  readonly revision: number
}

/** One option before and after a change, as JSON; `null`: not set. */
export interface SettingChange {
  readonly option: SettingName
  readonly before: string | null
  readonly after: string | null
}

export interface Revision {
  readonly revision: number
  readonly layer: Layer
  /** The account of who made it; `null`: whoever holds the command line. */
  readonly author: string | null
  readonly madeAt: Instant
  readonly note: string
  readonly changes: readonly SettingChange[]
  readonly undoes: number | null
}

/** What a layer holds, by option, and the revision that changed it last; 0: none has. */
export interface LayerState {
  readonly values: ReadonlyMap<SettingName, string>
  readonly revision: number
}

type Reader = Kysely<Tables>

/** Every value that is set, the wider layers not before the nearer ones. What a person has of their own is not among them. */
export async function readStored(database: Reader): Promise<readonly StoredSetting[]> {
  const rows = await database
    .selectFrom('settings')
    .selectAll()
    .orderBy('kind')
    .orderBy('name')
    .orderBy('option')
    .execute()
  return rows.map(({ kind, name, option, value, revision }) => ({
    layer: { kind, name },
    option: option as SettingName,
    value,
    revision,
  }))
}

/** A layer as it is now. A subject's limit is their account's; `undefined`: there is no such account. */
export async function readLayer(database: Reader, layer: Layer): Promise<LayerState | undefined> {
  const revision = await lastRevision(database, layer)
  if (layer.kind === 'subject') {
    const account = await database
      .selectFrom('accounts')
      .select('session_limit')
      .where('id', '=', layer.name)
      .executeTakeFirst()
    if (account === undefined) return undefined
    const { session_limit: limit } = account
    return { revision, values: new Map(limit === null ? [] : [['limit', JSON.stringify(limit)]]) }
  }
  const rows = await database
    .selectFrom('settings')
    .select(['option', 'value'])
    .where('kind', '=', layer.kind)
    .where('name', '=', layer.name)
    .execute()
  return { revision, values: new Map(rows.map(({ option, value }) => [option as SettingName, value])) }
}

async function lastRevision(database: Reader, { kind, name }: Layer): Promise<number> {
  const row = await database
    .selectFrom('setting_revisions')
    .select('revision')
    .where('kind', '=', kind)
    .where('name', '=', name)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.revision ?? 0
}

/** What was changed, newest first: of one layer or of all, `after` one revision, `before` another. */
export async function readRevisions(
  database: Reader,
  which: {
    readonly layer?: Layer
    readonly after?: number
    readonly before?: number
    readonly limit: number
  },
): Promise<readonly Revision[]> {
  const { layer, after = 0, before, limit } = which
  let query = database.selectFrom('setting_revisions').selectAll().where('revision', '>', after)
  if (before !== undefined) query = query.where('revision', '<', before)
  if (layer !== undefined) query = query.where('kind', '=', layer.kind).where('name', '=', layer.name)
  const rows = await query.orderBy('revision', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    revision: row.revision,
    layer: { kind: row.kind, name: row.name },
    author: row.author,
    madeAt: row.made_at,
    note: row.note,
    changes: JSON.parse(row.changes) as SettingChange[],
    undoes: row.undoes,
  }))
}
