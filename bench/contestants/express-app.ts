import express, { type Express, type Request, type RequestHandler, type Response } from 'express'

/** How a contestant keeps a login. */
export interface Logins {
  readonly middleware: readonly RequestHandler[]
  logIn(request: Request, response: Response, subject: string): unknown
  /** Who is logged in; `undefined`: nobody. */
  subjectOf(request: Request): string | null | undefined
}

/** The application of every Express row: a login, and a page for those who are logged in. */
export function expressApp({ middleware, logIn, subjectOf }: Logins): Express {
  const app = express()
  for (const handler of middleware) app.use(handler)
  app.post('/login', async (request, response) => {
    const { as } = request.query
    await logIn(request, response, typeof as === 'string' ? as : '')
    response.sendStatus(204)
  })
  app.get('/', (request, response) => {
    const subject = subjectOf(request)
    if (typeof subject !== 'string') return response.sendStatus(401)
    return response.json({ subject })
  })
  return app
}
