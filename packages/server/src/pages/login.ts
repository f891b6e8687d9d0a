import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface LoginView extends Frame {
  /** What was typed before. A password is never given back. */
  readonly email?: string | undefined
  /** Where to go afterwards: a path that has been checked. */
  readonly returnTo?: string | undefined
  /** Why the sign-in was refused, as a sentence. */
  readonly error?: string | undefined
  /** Why the last session ended, as a sentence. */
  readonly endedSentence?: string | undefined
  /** Whether people may sign up by themselves; true if left out. */
  readonly signup?: boolean | undefined
}

/** `POST /login` with `email`, `password`, `return_to`. */
export function login(view: LoginView): Html {
  return page({ ...view, title: 'Sign in', width: 'narrow', body: html`` })
}
