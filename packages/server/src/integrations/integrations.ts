import { randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import type { Integration, IntegrationKindName } from './integration.ts'
import type { IntegrationsTable } from './integrations-tables.ts'

/** What is changed of it; what is left out stays. */
export interface IntegrationChange {
  readonly name?: string
  readonly enabled?: boolean
  readonly settings?: object
}

/**
 * The integrations of the server. Every look is at the database: what one node has changed, all others go by at their next
 * sign-in, and none of them vouches a moment longer. A sign-in is rare beside a request, so it may cost a row.
 */
export class Integrations {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
  }

  /** All of them, by kind and name. There are as many as administrators have typed. */
  async list(): Promise<readonly Integration[]> {
    const rows = await this.#database
      .selectFrom('integrations')
      .selectAll()
      .orderBy('kind')
      .orderBy('name')
      .orderBy('id')
      .execute()
    return rows.map(integrationOf)
  }

  /** It, enabled or not. */
  async find(id: string): Promise<Integration | undefined> {
    const row = await this.#database
      .selectFrom('integrations')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row && integrationOf(row)
  }

  /** It, where it is of this kind and its word counts. */
  async findEnabled(kind: IntegrationKindName, id: string): Promise<Integration | undefined> {
    const found = await this.find(id)
    return found?.kind === kind && found.enabled ? found : undefined
  }

  /** Those of a kind whose word counts, by name. */
  async ofKind(kind: IntegrationKindName): Promise<readonly Integration[]> {
    const rows = await this.#database
      .selectFrom('integrations')
      .selectAll()
      .where('kind', '=', kind)
      .where('enabled', '=', 1)
      .orderBy('name')
      .orderBy('id')
      .execute()
    return rows.map(integrationOf)
  }

  async create({
    kind,
    name,
    enabled,
    settings,
  }: Pick<Integration, 'kind' | 'name' | 'enabled' | 'settings'>): Promise<Integration> {
    const now = this.#clock.now()
    const row = {
      id: newId(name),
      kind,
      name,
      enabled: enabled ? 1 : 0,
      settings: JSON.stringify(settings),
      revision: 1,
      created_at: now,
      updated_at: now,
    }
    await this.#database.insertInto('integrations').values(row).execute()
    return integrationOf(row)
  }

  /** It as it is now; `undefined`: it is gone, or somebody else has changed it since `seen`. Of many at once one wins. */
  async change(id: string, seen: number, change: IntegrationChange): Promise<Integration | undefined> {
    const { name, enabled, settings } = change
    const row = await this.#database
      .updateTable('integrations')
      .set({
        ...(name === undefined ? {} : { name }),
        ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
        ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
        revision: seen + 1,
        updated_at: this.#clock.now(),
      })
      .where('id', '=', id)
      .where('revision', '=', seen)
      .returningAll()
      .executeTakeFirst()
    return row && integrationOf(row)
  }

  /** False where it was gone already. Its sessions end by another step: `removeIntegration`. */
  async remove(id: string): Promise<boolean> {
    const gone = await this.#database
      .deleteFrom('integrations')
      .where('id', '=', id)
      .returning('id')
      .execute()
    return gone.length > 0
  }
}

/** Readable, since policies and addresses name it, and never one that was: a new one inherits nobody's policy or accounts. */
function newId(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  return `${words === '' ? 'integration' : words}-${randomBytes(5).toString('hex')}`
}

function integrationOf(row: Selectable<IntegrationsTable>): Integration {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    enabled: row.enabled === 1,
    settings: JSON.parse(row.settings) as object,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
