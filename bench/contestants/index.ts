import type { Loop, Server } from './contestant.ts'

/** Contestants that answer over HTTP. Each is loaded only in the process that runs it. */
export const servers = {
  'express/bare': () => import('./express-bare.ts'),
  'express/sojourn-memory': () => import('./express-sojourn-memory.ts'),
  'express/sojourn-sqlite': () => import('./express-sojourn-sqlite.ts'),
  'express/express-session-memory': () => import('./express-session-memory.ts'),
  'postgres/limit': () => import('./postgres-limit.ts'),
  'postgres/sojourn': () => import('./postgres-sojourn.ts'),
  'postgres/connect-pg-simple': () => import('./postgres-connect-pg-simple.ts'),
  'postgres/better-auth': () => import('./postgres-better-auth.ts'),
  'redis/limit': () => import('./redis-limit.ts'),
  'redis/sojourn': () => import('./redis-sojourn.ts'),
  'redis/connect-redis': () => import('./redis-connect-redis.ts'),
  'cached/bare': () => import('./express-bare.ts'),
  'cached/sojourn-postgres': () => import('./cached-sojourn-postgres.ts'),
  'cached/sojourn-redis': () => import('./cached-sojourn-redis.ts'),
  'hono/bare': () => import('./hono-bare.ts'),
  'hono/sojourn-memory': () => import('./hono-sojourn-memory.ts'),
  'server/bare': () => import('./hono-bare.ts'),
  'server/verify-cached': async () => (await import('./server-verify.ts')).serverVerify('2s'),
  'server/verify': async () => (await import('./server-verify.ts')).serverVerify('off'),
  'server/introspect-cached': async () => (await import('./server-introspect.ts')).serverIntrospect(),
  'server/login-unhashed': async () => (await import('./server-login.ts')).serverLogin(false),
  'server/login': async () => (await import('./server-login.ts')).serverLogin(true),
  'server/refresh': async () => (await import('./server-refresh.ts')).serverRefresh(),
} satisfies Record<string, () => Promise<Server>>
export type ServerName = keyof typeof servers

/** Contestants that are called in a loop. */
export const loops = {
  'fetch/bare': async () => (await import('./fetch-bare.ts')).loop(),
  'fetch/sojourn-memory': async () => (await import('./fetch-sojourn-memory.ts')).loop(),
  'fetch/sojourn-sqlite': async () => (await import('./fetch-sojourn-sqlite.ts')).loop(),
  'core/decide': async () => (await import('./core-decide.ts')).loop(),
  'life/login-memory': async () => (await import('./life-login.ts')).loop('memory'),
  'life/login-sqlite': async () => (await import('./life-login.ts')).loop('sqlite'),
  'life/rotate-memory': async () => (await import('./life-rotate.ts')).loop('memory'),
  'life/rotate-sqlite': async () => (await import('./life-rotate.ts')).loop('sqlite'),
  'life/sweep-memory': async () => (await import('./life-sweep.ts')).loop('memory'),
  'life/sweep-sqlite': async () => (await import('./life-sweep.ts')).loop('sqlite'),
  'life/dry-run-memory': async () => (await import('./life-dry-run.ts')).loop('memory'),
  'life/dry-run-sqlite': async () => (await import('./life-dry-run.ts')).loop('sqlite'),
} satisfies Record<string, () => Promise<Loop>>
export type LoopName = keyof typeof loops
