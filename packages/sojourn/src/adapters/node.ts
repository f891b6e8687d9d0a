import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Sessions } from '../create-sessions.ts'
import type { Visit } from '../web/visit.ts'
import { sessions, visitOf } from './express.ts'
import { sendReply } from './node-exchange.ts'
import { problem } from '../web/reply.ts'

/** A handler of `node:http` that is given its visitor's session. */
export type Handler<D extends object> = (
  request: IncomingMessage,
  response: ServerResponse,
  visit: Visit<D>,
) => unknown

/** For `http.createServer(withSessions(auth, handler))`. What the handler throws is answered with 500. */
export function withSessions<D extends object>(auth: Sessions<D>, handler: Handler<D>): RequestListener {
  const open = sessions(auth)
  return (request, response) => {
    const broken = (): void =>
      sendReply(response, problem(500, 'internal', 'internal', 'The request could not be served.'))
    open(request, response, (error) => {
      if (error !== undefined) return broken()
      const run = async (): Promise<unknown> => handler(request, response, visitOf(auth, request))
      run().catch(broken)
    })
  }
}
