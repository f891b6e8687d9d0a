import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Server {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
}

/** Contestants that answer over HTTP. Each is loaded only in the process that runs it. */
export const servers = {
  'express/bare': () => import('./express-bare.ts'),
  'express/sojourn-memory': () => import('./express-sojourn-memory.ts'),
  'express/sojourn-sqlite': () => import('./express-sojourn-sqlite.ts'),
  'express/express-session-memory': () => import('./express-session-memory.ts'),
  'hono/bare': () => import('./hono-bare.ts'),
  'hono/sojourn-memory': () => import('./hono-sojourn-memory.ts'),
} satisfies Record<string, () => Promise<Server>>
export type ServerName = keyof typeof servers

export interface Loop {
  /** Does the work a number of times, and says how often. */
  readonly batch: () => number | Promise<number>
}

/** Contestants that are called in a loop. */
export const loops = {
  'fetch/bare': async () => (await import('./fetch-bare.ts')).loop(),
  'fetch/sojourn-memory': async () => (await import('./fetch-sojourn-memory.ts')).loop(),
  'fetch/sojourn-sqlite': async () => (await import('./fetch-sojourn-sqlite.ts')).loop(),
  'core/decide': async () => (await import('./core-decide.ts')).loop(),
} satisfies Record<string, () => Promise<Loop>>
export type LoopName = keyof typeof loops
