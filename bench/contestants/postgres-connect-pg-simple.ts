import { createRequire } from 'node:module'
import { expressSessionOver, type SessionStore } from './express-session-over.ts'
import { pool } from './postgres-pool.ts'

type PgStore = new (options: object) => SessionStore

const require = createRequire(import.meta.url)
const open = require('connect-pg-simple') as (session: unknown) => PgStore
const PgSimple = open(require('express-session'))

export const listener = expressSessionOver(
  new PgSimple({ pool, tableName: 'connect_session', createTableIfMissing: true }),
)
