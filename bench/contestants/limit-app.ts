import express, { type Express } from 'express'

/** Where a record is read by its key. */
export interface Records {
  insert(): Promise<string>
  read(id: string): Promise<string | null | undefined>
}

/** The page of every Express row, with one bare read before it. The key stands in a cookie of the size that ours has. */
export function limitApp({ insert, read }: Records): Express {
  const app = express()
  const padding = '.'.repeat(30)
  app.post('/login', async (_request, response) => {
    response.append('Set-Cookie', `limit=${await insert()}${padding}; Path=/; HttpOnly`).sendStatus(204)
  })
  app.get('/', async (request, response) => {
    const cookie = request.headers.cookie ?? ''
    const found = await read(cookie.slice('limit='.length, -padding.length))
    if (typeof found !== 'string') return response.sendStatus(401)
    return response.json({ subject: 'u-1000' })
  })
  return app
}
