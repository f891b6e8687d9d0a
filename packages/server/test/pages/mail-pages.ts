import type { Instant } from 'sojourn'
import * as byMail from '../../src/pages/by-mail.ts'
import { devMail } from '../../src/pages/dev-mail.ts'

/** The pages of what is done by mail, full of one text. */
export function mailPages(text: string, now: Instant): { readonly [name: string]: string } {
  const link = { token: text, email: text }
  // One paragraph: what a text has of its own would make several.
  const letter = { to: text, subject: text, text: `See ${text.replaceAll('\n', ' ')}`, at: now }
  return {
    'ask for a link': byMail.askSignIn({ returnTo: text }),
    'ask for a link, refused': byMail.askSignIn({ email: text, error: text }),
    'ask for a reset': byMail.askReset({ email: text, error: text }),
    'letter asked': byMail.letterAsked({ hasMailbox: true }),
    'confirmation asked': byMail.confirmationAsked({ hasMailbox: false }),
    'use a link': byMail.useSignInLink({ ...link, rememberFor: 2_592_000_000 }),
    'new password': byMail.newPassword({ ...link, minPasswordLength: 8 }),
    'new password, refused': byMail.newPassword({ ...link, minPasswordLength: 8, error: text }),
    'confirm a sign-up': byMail.confirmSignup({ ...link, error: text }),
    'letters of a demo': devMail({ letters: [letter], url: 'https://b.example' }),
    'letters of a demo, none': devMail({ letters: [], url: 'https://b.example' }),
  }
}
