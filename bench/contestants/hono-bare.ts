import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { anyCookie } from './any-cookie.ts'

const app = new Hono()
  .post('/login', (c) => c.body(null, 204, { 'Set-Cookie': anyCookie() }))
  .get('/', (c) => c.json({ subject: 'u-1000' }))

export const listener = getRequestListener(app.fetch)
