import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Sessions } from '../create-sessions.ts'
import { failureReply } from '../web/reply.ts'
import type { Visit } from '../web/visit.ts'
import { sessions, visitOf } from './express.ts'
import { NodeExchange, sendReply } from './node-exchange.ts'

/** A handler of `node:http` that is given its visitor's session. */
export type Handler<D extends object> = (
  request: IncomingMessage,
  response: ServerResponse,
  visit: Visit<D>,
) => unknown

/** For `http.createServer(withSessions(auth, handler))`. What the handler throws goes to `onError` and is answered with 500. */
export function withSessions<D extends object>(auth: Sessions<D>, handler: Handler<D>): RequestListener {
  const open = sessions(auth)
  return (request, response) => {
    const failed = (error: unknown): void =>
      sendReply(response, failureReply(new NodeExchange(request, response), auth.web, error))
    const handle = async (): Promise<unknown> => handler(request, response, visitOf(auth, request))
    try {
      open(request, response, (error) => {
        if (error === undefined) handle().catch(failed)
        else failed(error)
      })
    } catch (error) {
      failed(error)
    }
  }
}
