import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import express from 'express'
import { pool } from './postgres-pool.ts'

const options = {
  database: pool,
  baseURL: 'http://localhost',
  secret: 'a secret of the bench, of thirty-two characters',
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  emailAndPassword: {
    enabled: true,
    // No password is hashed in any row.
    password: { hash: async (password: string) => password, verify: async () => true },
  },
} as const
const { runMigrations } = await getMigrations(options)
await runMigrations()
const auth = betterAuth(options)

const app = express()
app.post('/login', async (request, response) => {
  const { as } = request.query
  const name = typeof as === 'string' ? as : ''
  const body = { name, email: `${name}@example.com`, password: 'correct horse battery' }
  const { headers } = await auth.api.signUpEmail({ body, asResponse: true })
  for (const cookie of headers.getSetCookie()) response.append('Set-Cookie', cookie)
  response.sendStatus(204)
})
app.get('/', async (request, response) => {
  const headers = new Headers({ cookie: request.headers.cookie ?? '' })
  const found = await auth.api.getSession({ headers })
  if (found === null) return response.sendStatus(401)
  return response.json({ subject: found.user.name })
})

export const listener = app
