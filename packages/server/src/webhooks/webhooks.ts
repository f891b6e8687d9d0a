import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock, Millis } from 'sojourn'
import { day } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import { Seal } from '../factors/seal.ts'
import type { OutboxType } from '../outbox/outbox-event.ts'
import { newSecret } from './signature.ts'
import type { NewWebhook, Webhook } from './webhook.ts'
import type { WebhooksTable } from './webhooks-table.ts'

/** How long a replaced secret signs too. */
export const rotationLasts: Millis = day

/** How many there may be: each is a row for every event. */
export const mostWebhooks = 50

export type Added = { readonly webhook: Webhook; readonly secret: string | null } | 'too_many'

type Row = Selectable<WebhooksTable>

/** What an endpoint is sent with: what signs, the current one first, or the `Authorization` that it asks for. */
export interface Credentials {
  readonly secrets: readonly string[]
}

/** Where events are sent. Secrets are sealed at rest for their endpoint, and shown once. */
export class Webhooks {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>
  readonly #seal: Seal

  constructor(database: Database, secrets: readonly string[], clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
    this.#seal = new Seal(secrets, 'webhook secret')
  }

  async list(): Promise<readonly Webhook[]> {
    const rows = await this.#database
      .selectFrom('webhooks')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(view)
  }

  async find(id: string): Promise<Webhook | undefined> {
    const row = await this.#row(id)
    return row && view(row)
  }

  async add(given: NewWebhook): Promise<Added> {
    if ((await this.list()).length >= mostWebhooks) return 'too_many'
    const { url, note, format, events, audience, authorization } = given
    const id = randomUUID()
    const fresh = format === 'standard' ? newSecret() : null
    const kept = fresh ?? authorization
    const row = {
      id,
      url,
      note,
      format,
      audience,
      events: JSON.stringify(events),
      secret: kept === null ? null : this.#seal.seal(kept, id),
      created_at: this.#clock.now(),
      failures: 0,
      retry_at: 0,
    }
    await this.#database.insertInto('webhooks').values(row).execute()
    const webhook = await this.find(id)
    if (webhook === undefined) throw new Error('an endpoint is gone that was just added')
    return { webhook, secret: fresh }
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('webhooks')
      .where('id', '=', id)
      .executeTakeFirst()
    return numDeletedRows > 0n
  }

  /**
   * A new secret, told this once; the one before signs too for `rotationLasts`. Of several at once one is made, so that nobody
   * is told one that never signs: `undefined` for the others, and where there is no such endpoint, or it does not sign.
   */
  async rotate(id: string): Promise<string | undefined> {
    const row = await this.#row(id)
    if (row === undefined || row.format !== 'standard') return undefined
    const fresh = newSecret()
    const { numUpdatedRows } = await this.#database
      .updateTable('webhooks')
      .set({
        secret: this.#seal.seal(fresh, id),
        previous_secret: row.secret,
        previous_until: this.#clock.now() + rotationLasts,
      })
      .where('id', '=', id)
      .where('secret', '=', row.secret)
      .executeTakeFirst()
    return numUpdatedRows === 0n ? undefined : fresh
  }

  /** Events of meanwhile are not told. What waits for it is a dead letter, and can be sent again. */
  async disable(id: string, why: NonNullable<Webhook['disabledWhy']>): Promise<boolean> {
    return this.#database.transaction().execute(async (step) => {
      const { numUpdatedRows } = await step
        .updateTable('webhooks')
        .set({ disabled_at: this.#clock.now(), disabled_why: why })
        .where('id', '=', id)
        .where('disabled_at', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await step
        .updateTable('deliveries')
        .set({ state: 'dead', last_error: 'endpoint_disabled' })
        .where('endpoint', '=', id)
        .where('state', '=', 'due')
        .execute()
      return true
    })
  }

  async enable(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#database
      .updateTable('webhooks')
      .set({ disabled_at: null, disabled_why: null, failing_since: null, failures: 0, retry_at: 0 })
      .where('id', '=', id)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  /** What is sent along; a secret that no longer opens is left out. */
  credentialsOf({ id, secret, previous_secret, previous_until }: Row): Credentials {
    const isBoth = previous_until !== null && this.#clock.now() <= previous_until
    const sealed = [secret, isBoth ? previous_secret : null]
    return { secrets: sealed.flatMap((one) => (one === null ? [] : (this.#seal.open(one, id)?.text ?? []))) }
  }

  async #row(id: string): Promise<Row | undefined> {
    return this.#database.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst()
  }
}

function view(row: Row): Webhook {
  const { id, url, note, format, events, audience, disabled_why: why, previous_until: until } = row
  return {
    id,
    url,
    note,
    format,
    events: JSON.parse(events) as readonly OutboxType[],
    audience: audience ?? new URL(url).origin,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
    disabledWhy: why === 'by_hand' || why === 'failing' || why === 'gone' ? why : null,
    failingSince: row.failing_since,
    previousUntil: until,
  }
}
