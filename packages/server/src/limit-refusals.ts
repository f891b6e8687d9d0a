import { SessionError } from 'sojourn'

const sentences: { readonly [code: string]: string } = {
  login_disabled_by_limit: 'This account may not sign in: its limit of sessions is 0. Ask an administrator.',
  login_refused_by_limit:
    'This account is signed in on as many devices as it may be. Sign out on one of them, then try again.',
}

const otherSentences: { readonly [reason: string]: string } = {
  account_disabled: 'This account is disabled. Ask an administrator.',
  not_for_administrators:
    'This way in does not say who you are, so it is not for an account that administers. Sign in another way.',
}

/** What a refused sign-in is told, by the word of its refusal. */
export function refusalSentence(reason: string): string {
  return sentences[reason] ?? otherSentences[reason] ?? 'The sign-in was refused.'
}

/** The sentence for a sign-in that a limit refused after the credentials were right; `undefined` for any other error. */
export function limitRefusal(error: unknown): string | undefined {
  return error instanceof SessionError ? sentences[error.code] : undefined
}
