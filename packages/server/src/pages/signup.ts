import { field, returnToField, withReturnTo } from './field.ts'
import { html } from './html.ts'
import { noticeBox } from './notice.ts'
import { type Frame, page } from './page.ts'
import { rememberChoice, type RememberChoice } from './remember-choice.ts'

export interface SignupView extends Frame, RememberChoice {
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly returnTo?: string | undefined
  readonly minPasswordLength: number
  readonly errors?: SignupErrors | undefined
}

/** What is wrong, by field, each a sentence; `form` for what concerns no single field. */
export type SignupErrors = {
  readonly [field in 'name' | 'email' | 'password' | 'form']?: string | undefined
}

/** `POST /signup` with `name`, `email`, `password`, `remember`, `return_to`. */
export function signup(view: SignupView): string {
  const { name, email, returnTo, minPasswordLength, errors = {} } = view
  const isRefusal = Object.values(errors).some((text) => text !== undefined)
  const summary = errors.form ?? 'Please correct what is marked below.'
  const body = html` <div class="card">
      ${isRefusal && noticeBox({ kind: 'error', text: summary }, 'signup-error')}
      <form method="post" action="/signup">
        ${field({ name: 'name', label: 'Name', type: 'text', autocomplete: 'name', value: name, error: errors.name })}
        ${field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', value: email, error: errors.email })}
        ${field({
          name: 'password',
          label: 'Password',
          type: 'password',
          autocomplete: 'new-password',
          hint: `At least ${minPasswordLength} characters. A few unrelated words are easy to remember.`,
          minLength: minPasswordLength,
          error: errors.password,
        })}
        ${rememberChoice(view)} ${returnToField(returnTo)}
        <button type="submit" class="main">Sign up</button>
      </form>
    </div>
    <p class="aside">Signed up already? <a href="${withReturnTo('/login', returnTo)}">Sign in</a></p>`
  return page({ ...view, title: 'Sign up', isRefusal, width: 'narrow', body })
}
