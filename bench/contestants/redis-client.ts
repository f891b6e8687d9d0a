import { createClient } from 'redis'
import { serviceUrl } from './service-url.ts'

export const client = createClient({ url: serviceUrl('redis') })
// The server goes when the bench is over, before this process does.
client.on('error', () => {})
await client.connect()
