import type { Express, Request, RequestHandler } from 'express'
import { createRequire } from 'node:module'
import { expressApp } from './express-app.ts'

interface SessionData {
  subject?: string
  regenerate(done: (error: unknown) => void): void
}

/** What stands for a store of express-session here: each brings its own types of it. */
export type SessionStore = object

// Its types claim `req.session` for every program that loads them, which ours do too.
const session = createRequire(import.meta.url)('express-session') as (options: object) => RequestHandler

const sessionOf = (request: Request): SessionData => request.session as unknown as SessionData

/** express-session as its guide sets it up for logins: no empty sessions, no writes without a change. */
export function expressSessionOver(store?: SessionStore): Express {
  return expressApp({
    middleware: [
      session({
        secret: 'a secret of thirty-two characters',
        resave: false,
        saveUninitialized: false,
        ...(store === undefined ? {} : { store }),
      }),
    ],
    async logIn(request, _response, subject) {
      await new Promise((resolve) => sessionOf(request).regenerate(resolve))
      sessionOf(request).subject = subject
    },
    subjectOf: (request) => sessionOf(request).subject,
  })
}
