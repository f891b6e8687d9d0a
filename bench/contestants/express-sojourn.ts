import type { Express } from 'express'
import { createSessions, type Store } from 'sojourn'
import { sessions } from 'sojourn/adapters/express'
import { expressApp } from './express-app.ts'

/** The Express application with our sessions, as the README has it. */
export function expressSojourn(store: Store): Express {
  const auth = createSessions({ store })
  return expressApp({
    middleware: [sessions(auth)],
    logIn: (request, _response, subject) => request.session.login(subject),
    subjectOf: (request) => request.session.subject,
  })
}
