import type { Mail } from './mail.ts'

export type Letter = Omit<Mail, 'to'>

/**
 * What each letter says. None repeats what a stranger typed, a name least of all: whoever signs up with somebody else's
 * address would else write letters in our name. `site`: the host of the server.
 */
export const letters = {
  confirmSignUp: (site: string, link: string): Letter => ({
    subject: `Confirm your e-mail address for ${site}`,
    text: paragraphs(
      `Somebody signed up at ${site} with this e-mail address. If it was you, open this page within 24 hours and confirm it with the password that you have chosen:`,
      link,
      'If it was not you, do nothing: there is no account without it.',
    ),
  }),
  hasAccount: (site: string, loginPage: string, resetPage: string): Letter => ({
    subject: `You have an account at ${site}`,
    text: paragraphs(
      `Somebody signed up at ${site} with this e-mail address, which has an account already. If it was you, sign in:`,
      loginPage,
      'If you do not know your password any more, choose a new one:',
      resetPage,
      'If it was not you, do nothing: your account is as it was.',
    ),
  }),
  signIn: (site: string, link: string): Letter => ({
    subject: `Sign in to ${site}`,
    text: paragraphs(
      `Open this page within 15 minutes to sign in to ${site}. It works once:`,
      link,
      'If you did not ask for it, do nothing. Never open it because somebody tells you to, and never give it to anybody.',
    ),
  }),
  resetPassword: (site: string, link: string): Letter => ({
    subject: `Choose a new password for ${site}`,
    text: paragraphs(
      `Open this page within 30 minutes to choose a new password for ${site}. It works once, and signs you out everywhere:`,
      link,
      'If you did not ask for it, do nothing: your password is as it was.',
    ),
  }),
  confirmEmail: (site: string, link: string): Letter => ({
    subject: `Confirm your new e-mail address for ${site}`,
    text: paragraphs(
      `Somebody wants to use this e-mail address for an account at ${site}. If it was you, open this page within an hour, where you are signed in:`,
      link,
      'If it was not you, do nothing: it is not used then.',
    ),
  }),
  emailInUse: (site: string): Letter => ({
    subject: `Your e-mail address at ${site}`,
    text: paragraphs(
      `Somebody wanted to use this e-mail address for another account at ${site}. It belongs to yours already, so nothing was done.`,
      'You need not do anything.',
    ),
  }),
  emailAsked: (site: string, resetPage: string): Letter => ({
    subject: `Your e-mail address at ${site} is to be changed`,
    text: paragraphs(
      `Somebody who is signed in to your account at ${site} asked to use another e-mail address for it. It changes once that address is confirmed.`,
      `If it was not you, choose a new password now, which ends this too: ${resetPage}`,
    ),
  }),
  changed: (site: string, what: string): Letter => ({
    subject: `Your ${what} at ${site} was changed`,
    text: paragraphs(
      `The ${what} of your account at ${site} was changed just now.`,
      `If it was not you, tell whoever runs ${site} at once.`,
    ),
  }),
  factorAdded: (site: string, what: string): Letter => ({
    subject: `Your account at ${site} has ${what} now`,
    text: paragraphs(
      `You can prove who you are at ${site} with ${what} from now on. It was added to your account just now.`,
      `If it was not you, tell whoever runs ${site} at once.`,
    ),
  }),
  factorRemoved: (site: string, what: string): Letter => ({
    subject: `Your account at ${site} has lost ${what}`,
    text: paragraphs(
      `Nobody can prove to be you at ${site} with ${what} any more. It was removed from your account just now.`,
      `If it was not you, tell whoever runs ${site} at once.`,
    ),
  }),
  factorsReset: (site: string): Letter => ({
    subject: `Your second factors at ${site} were removed`,
    text: paragraphs(
      `An administrator removed the authenticator app, the passkeys and the recovery codes of your account at ${site}, and you were signed out everywhere.`,
      'Sign in, and set up new ones at My Account › Security.',
      `If you did not ask for it, tell whoever runs ${site} at once.`,
    ),
  }),
  recoveryCodesMade: (site: string): Letter => ({
    subject: `Your account at ${site} has new recovery codes`,
    text: paragraphs(
      `New recovery codes were made for your account at ${site} just now. Old ones are good for nothing any more.`,
      `If it was not you, tell whoever runs ${site} at once.`,
    ),
  }),
  recoveryCodeUsed: (site: string, left: number): Letter => ({
    subject: `A recovery code of your account at ${site} was used`,
    text: paragraphs(
      `Somebody signed in to your account at ${site} with a recovery code just now. ${left === 1 ? 'One more code is' : `${left} more codes are`} good.`,
      'If you have lost your other factors, remove them at My Account › Security, and set up new ones.',
      `If it was not you, tell whoever runs ${site} at once.`,
    ),
  }),
  administered: (site: string, what: string): Letter => ({
    subject: `Your account at ${site} is ${what}`,
    text: paragraphs(
      `An administrator has changed your account at ${site}: it is ${what}. Where you were signed in, you may have been signed out.`,
      `If you did not expect this, ask whoever runs ${site}.`,
    ),
  }),
  closed: (site: string, how: 'disabled' | 'deleted'): Letter => ({
    subject: `Your account at ${site} was ${how}`,
    text: paragraphs(
      `Your account at ${site} was ${how}, and you were signed out everywhere.`,
      `If it was not you, tell whoever runs ${site} at once.`,
    ),
  }),
} as const

function paragraphs(...lines: readonly string[]): string {
  return `${lines.join('\n\n')}\n`
}
