import { requestText } from '../http/requests.ts'
import type { Server } from './contestant.ts'
import { signedIn, sojournServer } from './sojourn-server.ts'

/**
 * Each asks some thirty times within the bound of the cache, as a page with what it loads does: what is read anew after it is
 * a small part.
 */
const people = 200

/** What a proxy asks before each request of its own: `GET /api/v1/verify`. */
export async function serverVerify(cache: string): Promise<Server> {
  const server = await sojournServer({ cache })
  const cookies = await signedIn(server, people)
  const texts = cookies.map((cookie) => requestText('GET', '/api/v1/verify', { cookie }))
  return {
    listen: () => server.port(),
    requests: () => Promise.resolve({ texts, once: false, status: 200, connections: 64 }),
  }
}
