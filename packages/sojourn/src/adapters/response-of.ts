import type { Reply } from '../web/exchange.ts'

/** A reply of the web layer as a `Response` of the Fetch standard. */
export function responseOf({ status, headers, body }: Reply): Response {
  return new Response(body, {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  })
}
