import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { createSessions, type Visit } from 'sojourn'
import { sessions } from 'sojourn/adapters/hono'
import { memory } from 'sojourn/stores/memory'

const auth = createSessions({ store: memory() })

const app = new Hono<{ Variables: { session: Visit } }>()
  .use(sessions(auth))
  .post('/login', async (c) => {
    await c.get('session').login(c.req.query('as') ?? '')
    return c.body(null, 204)
  })
  .get('/', (c) => {
    const { subject } = c.get('session')
    return subject === null ? c.body(null, 401) : c.json({ subject })
  })

export const listener = getRequestListener(app.fetch)
