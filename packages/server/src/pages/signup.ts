import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface SignupView extends Frame {
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly returnTo?: string | undefined
  readonly minPasswordLength: number
  /** What is wrong, by field; `form` for what concerns no single field. */
  readonly errors?: SignupErrors | undefined
}

export type SignupErrors = { readonly [field in 'name' | 'email' | 'password' | 'form']?: string | undefined }

/** `POST /signup` with `name`, `email`, `password`, `return_to`. */
export function signup(view: SignupView): Html {
  return page({ ...view, title: 'Sign up', width: 'narrow', body: html`` })
}
