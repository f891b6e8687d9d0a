import { sql } from 'kysely'
import { hour, minute, second } from 'sojourn/core'
import { migrations } from '../database/migrations.ts'
import { defineCheck } from './check.ts'

export const migrationsCheck = defineCheck({
  name: 'migrations',
  needs: ['database'],
  async look({ database }) {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(database)
    const done = new Set(rows.map(({ name }) => name))
    const expected = Object.keys(migrations)
    const missing = expected.filter((name) => !done.has(name))
    const newer = [...done].filter((name) => !expected.includes(name))
    if (newer.length > 0)
      return {
        state: 'failure',
        says: `the database is of a newer version: ${newer.join(', ')}`,
        todo: 'run this version of the server and the command nowhere any more',
      }
    if (missing.length > 0)
      return {
        state: 'failure',
        says: `the database is of an older version, without ${missing.join(', ')}`,
        todo: 'start a server of this version: it makes them',
      }
    return { state: 'ok', says: `all ${expected.length} are made` }
  },
})

const mostSkew = { warning: second, failure: 30 * second } as const

export const clockCheck = defineCheck({
  name: 'clock',
  needs: ['config', 'database', 'now'],
  async look({ config, database, now }) {
    if (config.database.startsWith('sqlite:')) return { state: 'ok', says: 'the database is on this machine' }
    const before = now()
    const { rows } = await sql<{
      at: string
    }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as at`.execute(database)
    const skew = Math.abs(Number(rows[0]?.at) - (before + now()) / 2)
    const says = `${Math.round(skew)} ms apart from the database’s`
    if (skew <= mostSkew.warning) return { state: 'ok', says }
    const todo = 'have both machines keep time by NTP: sessions time out by the clock of whichever node acts'
    return { state: skew > mostSkew.failure ? 'failure' : 'warning', says, todo }
  },
})

/** The jobs that run whether there is anything to do or not. */
const regular = { sessions: minute, 'clean-up': 10 * minute, outbox: 10 * minute } as const

export const jobsCheck = defineCheck({
  name: 'jobs',
  needs: ['database', 'now'],
  async look({ database, now }) {
    const rows = await database.selectFrom('jobs').selectAll().execute()
    const at = now()
    const migrated = await sql<{ made: string }>`select min(timestamp) as made from kysely_migration`.execute(
      database,
    )
    // A new server has nothing to be late with: its jobs are due a period after their database was made.
    const made = Date.parse(migrated.rows[0]?.made ?? '')
    const late = Object.entries(regular).flatMap(([name, every]) => {
      const row = rows.find((one) => one.name === name)
      const last = row === undefined ? made : Math.max(row.ended_at ?? 0, row.held_until)
      return at - last <= 3 * every ? [] : [name]
    })
    if (late.length > 0)
      return {
        state: 'warning',
        says: `no server has run ${late.join(', ')} for longer than three times its period`,
        todo: 'start a server; where one runs, see /nova/jobs and its log',
      }
    const failing = rows.filter(({ error }) => error !== null)
    if (failing.length > 0)
      return {
        state: 'failure',
        says: failing.map(({ name, error }) => `${name} failed: ${error}`).join('; '),
        todo: 'see the log of the node that ran it, named on /nova/jobs',
      }
    const first = Object.keys(regular).filter((name) => !rows.some((one) => one.name === name))
    if (first.length > 0)
      return { state: 'ok', says: `the database is new; still to run: ${first.join(', ')}` }
    return { state: 'ok', says: 'each ran when it was due, and its lease is fresh' }
  },
})

export const outboxCheck = defineCheck({
  name: 'outbox',
  needs: ['database', 'now'],
  async look({ database, now }) {
    const oldest = await database
      .selectFrom('deliveries')
      .innerJoin('webhooks', 'webhooks.id', 'deliveries.endpoint')
      .select(['deliveries.since', 'webhooks.url'])
      .where('deliveries.state', '=', 'due')
      .orderBy('deliveries.since')
      .limit(1)
      .executeTakeFirst()
    const age = oldest === undefined ? 0 : now() - oldest.since
    if (oldest !== undefined && age > hour)
      return {
        state: age > 24 * hour ? 'failure' : 'warning',
        says: `an event has waited for ${Math.floor(age / hour)} hours, for ${new URL(oldest.url).origin}`,
        todo: 'see /nova/webhooks for what its receiver answers',
      }
    return { state: 'ok', says: 'nothing has waited for an hour' }
  },
})

export const deadLettersCheck = defineCheck({
  name: 'dead letters',
  needs: ['database'],
  async look({ database }) {
    const dead = await database
      .selectFrom('deliveries')
      .select('endpoint')
      .where('state', '=', 'dead')
      .limit(1_000)
      .execute()
    const off = await database
      .selectFrom('webhooks')
      .select('id')
      .where('disabled_why', 'in', ['failing', 'gone'])
      .execute()
    if (dead.length === 0 && off.length === 0) return { state: 'ok', says: 'none' }
    return {
      state: 'warning',
      says: `${dead.length} events were not delivered, and ${off.length} webhooks are disabled for it`,
      todo: 'mend the receivers, enable them on /nova/webhooks, and send the dead letters again',
    }
  },
})
