import { requestText } from '../http/requests.ts'
import type { Server } from './contestant.ts'
import { password, sojournServer } from './sojourn-server.ts'

const people = 200

/** A sign-in by the form of the page. `hashes`: whether the password is hashed as in production. */
export async function serverLogin(hashes: boolean): Promise<Server> {
  const server = await sojournServer({ hashes })
  const texts: string[] = []
  const headers = {
    origin: 'http://localhost',
    'content-type': 'application/x-www-form-urlencoded',
  }
  for (let i = 0; i < people; i++) {
    const email = `u-${i}@example.com`
    await server.person(email)
    texts.push(requestText('POST', '/login', headers, new URLSearchParams({ email, password }).toString()))
  }
  return {
    listen: () => server.port(),
    // More at once would wait for their turn to be hashed, and some would be sent away.
    requests: () => Promise.resolve({ texts, once: false, status: 303, connections: 4 }),
  }
}
