import { requestText } from '../http/requests.ts'
import type { Server } from './contestant.ts'
import { signedIn, sojournServer } from './sojourn-server.ts'

/** What another back end asks with its key: `POST /api/v1/introspect`. */
export async function serverIntrospect(): Promise<Server> {
  const server = await sojournServer({ cache: '2s' })
  const cookies = await signedIn(server, 200)
  const { secret } = await server.keys.all.create(
    { name: 'bench', scopes: ['introspect'], expires_in: null, rate: 1_000_000 },
    null,
  )
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const texts = cookies.map((cookie) => {
    const token = cookie.slice(cookie.indexOf('=') + 1)
    return requestText('POST', '/api/v1/introspect', headers, JSON.stringify({ token, user_agent: 'bench' }))
  })
  return {
    listen: () => server.port(),
    requests: () => Promise.resolve({ texts, once: false, status: 200, connections: 64 }),
  }
}
