import { requestText } from '../http/requests.ts'
import type { Server } from './contestant.ts'
import { sojournServer } from './sojourn-server.ts'

/** More than one turn spends. */
const most = 3_000
const people = 200

/** A page asked for by a device that is remembered, whose session is gone: its refresh token is spent for a new one. */
export async function serverRefresh(): Promise<Server> {
  const server = await sojournServer({})
  const { sessions } = server
  const subjects: string[] = []
  for (let i = 0; i < people; i++) subjects.push(await server.person(`u-${i}@example.com`))
  const request = { ip: '127.0.0.1', userAgent: 'bench', passive: false }
  return {
    listen: () => server.port(),
    async requests() {
      // What the turn before left would be counted among a person's sessions.
      await sessions.end({}, 'bulk_revoked')
      const texts: string[] = []
      while (texts.length < most) {
        const subject = subjects[texts.length % people] ?? ''
        const { refresh } = await sessions.start({ subject, method: 'password', remember: true, request })
        if (refresh === null) throw new Error('this device is not remembered')
        const cookie = `${sessions.web.rememberCookie}=${refresh.reveal()}`
        texts.push(requestText('GET', '/account', { cookie, accept: 'text/html' }))
      }
      return { texts, once: true, status: 200, connections: 16 }
    },
  }
}
