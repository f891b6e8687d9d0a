import type { Instant, PolicyInput } from 'sojourn'
import type { Transaction } from 'kysely'
import { raiseRevision } from '../config/revision.ts'
import type { Database } from '../database/open-database.ts'
import type { Tables } from '../database/tables.ts'
import { checkPolicy, type PolicyFault } from './check-policy.ts'
import { composePolicy } from './compose-policy.ts'
import { type Layer, sourceOf } from './layer.ts'
import { policyDigest } from './policy-digest.ts'
import type { SettingName } from './setting.ts'
import { readLayer, readRevisions, readStored, type Revision, type SettingChange } from './stored-settings.ts'

/** What a change of the settings is made on. */
export interface SettingsGround {
  readonly database: Database
  /** The policy of the configuration. */
  readonly configured: PolicyInput
  /** Says why this server could not go by a policy, such as that its store keeps no limits. */
  readonly tryPolicy: (policy: PolicyInput) => PolicyFault | undefined
  readonly now: () => Instant
}

/** A change that somebody wants. */
export interface Wanted {
  readonly layer: Layer
  /** The revision of the layer that they had in view. */
  readonly seen: number
  /** By option: its value as JSON, or `null` to leave it to the wider layers. Options that are not named stay. */
  readonly values: ReadonlyMap<SettingName, string | null>
  /** Who wants it; `null`: whoever holds the command line. */
  readonly by: string | null
  readonly note: string
  /** The revision that it undoes. */
  readonly undoes?: number
  /** What they had in view of all layers together, where they tried the change on it first: its digest, and the last revision. */
  readonly onto?: { readonly digest: string; readonly revision: number }
}

export type Judgement =
  | { readonly state: 'ready'; readonly changes: readonly SettingChange[]; readonly policy: PolicyInput }
  /** Somebody else was faster: what they did, newest first. */
  | { readonly state: 'outdated'; readonly since: readonly Revision[] }
  | { readonly state: 'refused'; readonly fault: PolicyFault }
  | { readonly state: 'unchanged' }
  /** It is a person's, and there is no such account. */
  | { readonly state: 'gone' }
export type Saved = {
  readonly state: 'saved'
  readonly revision: number
  readonly changes: readonly SettingChange[]
}
export type Refusal = Exclude<Judgement, { readonly state: 'ready' }>

/** What would become of a change, were it made now. */
export function judgeChange(ground: SettingsGround, wanted: Wanted): Promise<Judgement> {
  return judge(ground, wanted, ground.database)
}

/**
 * Makes a change, and a revision of it. Of several at once that had the same revision in view one is made; the others are
 * told of it. All or nothing: a change that is refused leaves nothing behind. All servers of the database hear of it.
 */
export async function changeSettings(ground: SettingsGround, wanted: Wanted): Promise<Saved | Refusal> {
  try {
    return await ground.database.transaction().execute(async (transaction) => {
      // First: it is the lock that lets one change at a time through.
      const revision = await raiseRevision(transaction)
      const judgement = await judge(ground, wanted, transaction)
      if (judgement.state !== 'ready') throw new Refused(judgement)
      const { changes } = judgement
      await write(transaction, wanted.layer, changes, revision)
      await record(transaction, wanted, { revision, changes, at: ground.now() })
      return { state: 'saved', revision, changes }
    })
  } catch (error) {
    if (error instanceof Refused) return error.refusal
    throw error
  }
}

/** Takes the transaction back. */
class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.state)
    this.refusal = refusal
  }
}

async function judge(
  { configured, tryPolicy }: SettingsGround,
  { layer, seen, values, by, onto }: Wanted,
  database: Database,
): Promise<Judgement> {
  const current = await readLayer(database, layer)
  if (current === undefined) return { state: 'gone' }
  if (current.revision !== seen)
    return { state: 'outdated', since: await readRevisions(database, { layer, after: seen, limit: 50 }) }
  const changes = [...values].flatMap(([option, after]) => {
    const before = current.values.get(option) ?? null
    return before === after ? [] : [{ option, before, after }]
  })
  if (changes.length === 0) return { state: 'unchanged' }
  const stored = await readStored(database)
  if (onto !== undefined && onto.digest !== policyDigest(composePolicy(configured, stored)))
    return { state: 'outdated', since: await readRevisions(database, { after: onto.revision, limit: 50 }) }
  if (layer.kind === 'subject') {
    const fault = faultOfOwn(layer, changes, by)
    return fault === undefined
      ? { state: 'ready', changes, policy: composePolicy(configured, stored) }
      : { state: 'refused', fault }
  }
  const changed = new Set<string>(changes.map(({ option }) => option))
  const others = stored.filter((one) => sourceOf(one.layer) !== sourceOf(layer) || !changed.has(one.option))
  const added = changes.flatMap(({ option, after }) =>
    after === null ? [] : [{ layer, option, value: after }],
  )
  const policy = composePolicy(configured, [...others, ...added])
  const isNew = added.length > 0 && !stored.some((one) => sourceOf(one.layer) === sourceOf(layer))
  const layers = new Set(stored.map((one) => sourceOf(one.layer)))
  if (isNew && layers.size >= mostLayers)
    return {
      state: 'refused',
      fault: { option: undefined, sentence: `expected at most ${mostLayers} layers` },
    }
  const fault = checkPolicy(policy) ?? tryPolicy(policy)
  return fault === undefined ? { state: 'ready', changes, policy } : { state: 'refused', fault }
}

/** Every two of them are looked at together. */
const mostLayers = 60

/** A person has a limit of their own and nothing else; nobody takes their own way in. */
function faultOfOwn(
  { name }: Layer,
  changes: readonly SettingChange[],
  by: string | null,
): PolicyFault | undefined {
  for (const { option, after } of changes) {
    if (option !== 'limit') return { option, sentence: 'expected to be left out: a person has a limit alone' }
    if (after === '"unlimited"') return { option, sentence: 'expected a whole number for a person' }
    if (after === '0' && by === name)
      return { option, sentence: 'expected 1 or more: by 0 you would shut yourself out' }
  }
  return undefined
}

async function write(
  database: Transaction<Tables>,
  { kind, name }: Layer,
  changes: readonly SettingChange[],
  revision: number,
): Promise<void> {
  for (const { option, after } of changes) {
    if (kind === 'subject') {
      const session_limit = after === null ? null : Number(JSON.parse(after))
      await database.updateTable('accounts').set({ session_limit }).where('id', '=', name).execute()
      continue
    }
    await database
      .deleteFrom('settings')
      .where('kind', '=', kind)
      .where('name', '=', name)
      .where('option', '=', option)
      .execute()
    if (after === null) continue
    await database.insertInto('settings').values({ kind, name, option, value: after, revision }).execute()
  }
}

async function record(
  database: Transaction<Tables>,
  { layer, by, note, undoes }: Wanted,
  made: { readonly revision: number; readonly changes: readonly SettingChange[]; readonly at: Instant },
): Promise<void> {
  await database
    .insertInto('setting_revisions')
    .values({
      revision: made.revision,
      kind: layer.kind,
      name: layer.name,
      author: by,
      made_at: made.at,
      note,
      changes: JSON.stringify(made.changes),
      undoes: undoes ?? null,
    })
    .execute()
}
