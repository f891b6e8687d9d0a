import { readJobs } from '@sojourn/server'
import { defineCommand, json } from '../command.ts'
import { moment } from '../moment.ts'
import { configOf, withDatabase } from '../opened.ts'

export const jobs = defineCommand({
  name: 'jobs',
  says: 'list the jobs of all servers of one database, and how each ran last',
  options: json,
  async run({ options }, terminal) {
    const read = await withDatabase(await configOf(terminal), (database) => readJobs(database, Date.now()))
    const rows = [...read].map(([name, last]) => ({ name, ...last }))
    if (options.json === true) return terminal.print(`${JSON.stringify({ jobs: rows })}\n`)
    if (rows.length === 0) return terminal.print('No server has run a job yet.\n')
    for (const { name, isRunning, endedAt, rows: changed, took, error, node } of rows) {
      const when = isRunning ? 'running' : endedAt === null ? 'cut off' : moment(endedAt)
      const how = error ?? `${changed ?? 0} rows, ${took ?? 0} ms`
      terminal.print(`${name.padEnd(10)}  ${when.padEnd(16)}  ${how}  (${node})\n`)
    }
  },
})
