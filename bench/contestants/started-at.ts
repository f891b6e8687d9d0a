/** Where the private server of a race stands: the bench has started it and says so to each row's process. */
export function startedAt(service: 'postgres' | 'redis'): string {
  const url = process.env[`BENCH_${service.toUpperCase()}`]
  if (url === undefined) throw new Error(`The bench has started no ${service}`)
  return url
}

/** As many connections for every row that asks PostgreSQL. */
export const connections = 10

/** A record as large as a session's. */
export const record = JSON.stringify({ subject: 'u-1000', rest: '.'.repeat(600) })
