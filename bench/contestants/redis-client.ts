import { createClient } from 'redis'
import { startedAt } from './started-at.ts'

export const client = createClient({ url: startedAt('redis') })
// The server goes when the bench is over, before this process does.
client.on('error', () => {})
await client.connect()
