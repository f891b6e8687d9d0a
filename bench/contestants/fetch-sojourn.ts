import { createSessions, type Store } from 'sojourn'
import { withSessions } from 'sojourn/adapters/fetch'
import { fetchLoop } from './fetch-loop.ts'
import type { Loop } from './contestant.ts'

/** The Fetch adapter with our sessions. */
export function fetchSojourn(store: Store): Promise<Loop> {
  const auth = createSessions({ store })
  const handler = withSessions(auth, (_request, { subject }) =>
    subject === null ? new Response(null, { status: 401 }) : Response.json({ subject }),
  )
  return fetchLoop(handler, async (subject) => {
    const { token } = await auth.start({ subject })
    return `${auth.web.cookie}=${token.reveal()}`
  })
}
