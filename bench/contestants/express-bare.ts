import { anyCookie } from './any-cookie.ts'
import { expressApp } from './express-app.ts'

export const listener = expressApp({
  middleware: [],
  logIn: (_request, response) => response.append('Set-Cookie', anyCookie()),
  subjectOf: () => 'u-1000',
})
