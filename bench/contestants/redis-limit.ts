import { randomUUID } from 'node:crypto'
import { limitApp } from './limit-app.ts'
import { client } from './redis-client.ts'
import { record } from './started-at.ts'

/** One read by key a request: no store on this client can answer sooner. */
export const listener = limitApp({
  async insert() {
    const id = randomUUID()
    await client.set(`bare:${id}`, record)
    return id
  },
  read: (id) => client.get(`bare:${id}`),
})
