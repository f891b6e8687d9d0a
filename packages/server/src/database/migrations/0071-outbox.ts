import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What happened, kept until it is told; whom it is told, and how that goes. */
export const outbox: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    await schema
      .createTable('outbox_events')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('position', 'bigint', (column) => column.notNull().unique())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('session', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('written_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema.createIndex('outbox_events_written').on('outbox_events').column('written_at').execute()
    await schema
      .createTable('outbox_marks')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('place', 'text')
      .execute()
    await schema
      .createTable('webhooks')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('note', 'text', (column) => column.notNull())
      .addColumn('format', 'text', (column) => column.notNull())
      .addColumn('events', 'text', (column) => column.notNull())
      .addColumn('audience', 'text')
      .addColumn('secret', 'text')
      .addColumn('previous_secret', 'text')
      .addColumn('previous_until', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('disabled_at', 'bigint')
      .addColumn('disabled_why', 'text')
      .addColumn('failing_since', 'bigint')
      .addColumn('failures', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('retry_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await schema
      .createTable('deliveries')
      .addColumn('event', 'text', (column) =>
        column.notNull().references('outbox_events.id').onDelete('cascade'),
      )
      .addColumn('endpoint', 'text', (column) =>
        column.notNull().references('webhooks.id').onDelete('cascade'),
      )
      .addColumn('position', 'bigint', (column) => column.notNull())
      .addColumn('session', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('next_at', 'bigint', (column) => column.notNull())
      .addColumn('holder', 'text')
      .addColumn('held_until', 'bigint', (column) => column.notNull())
      .addColumn('last_at', 'bigint')
      .addColumn('last_status', 'integer')
      .addColumn('last_error', 'text')
      .addPrimaryKeyConstraint('deliveries_key', ['event', 'endpoint'])
      .execute()
    await schema
      .createIndex('deliveries_due')
      .on('deliveries')
      .columns(['state', 'next_at', 'position'])
      .execute()
    await schema
      .createIndex('deliveries_order')
      .on('deliveries')
      .columns(['endpoint', 'session', 'state', 'position'])
      .execute()
    await schema
      .createIndex('deliveries_endpoint')
      .on('deliveries')
      .columns(['endpoint', 'position'])
      .execute()
  },
}
