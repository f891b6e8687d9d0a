import { randomUUID } from 'node:crypto'
import { limitApp } from './limit-app.ts'
import { pool } from './postgres-pool.ts'
import { record } from './started-at.ts'

await pool.query('CREATE TABLE IF NOT EXISTS bare_read (id text PRIMARY KEY, data text NOT NULL)')

/** One read by primary key a request: no store on this client can answer sooner. */
export const listener = limitApp({
  async insert() {
    const id = randomUUID()
    await pool.query('INSERT INTO bare_read VALUES ($1, $2)', [id, record])
    return id
  },
  async read(id) {
    const { rows } = await pool.query<{ data: string }>({
      name: 'bare-read',
      text: 'SELECT data FROM bare_read WHERE id = $1',
      values: [id],
    })
    return rows[0]?.data
  },
})
