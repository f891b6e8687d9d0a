import { requestText } from '../http/requests.ts'
import type { Server } from './contestant.ts'
import { signedIn, sojournServer } from './sojourn-server.ts'

/** What a proxy asks before each request of its own: `GET /api/v1/verify`. */
export async function serverVerify(cache: string): Promise<Server> {
  const server = await sojournServer({ cache })
  const cookies = await signedIn(server, 2_000)
  const texts = cookies.map((cookie) => requestText('GET', '/api/v1/verify', { cookie }))
  return {
    listen: () => server.port(),
    requests: () => Promise.resolve({ texts, once: false, status: 200, connections: 64 }),
  }
}
