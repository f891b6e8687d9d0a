/** What people read. `{left}` is where the time stands. */
export interface ClientWords {
  readonly title: string
  readonly warning: string
  /** In place of `warning`, where the session cannot be made longer. */
  readonly final: string
  readonly stay: string
  readonly signOut: string
  readonly close: string
  readonly checkingTitle: string
  readonly checking: string
  readonly unreachable: string
  /** Before the title of the window, for whoever works in another one. */
  readonly windowTitle: string
}

export const english: ClientWords = {
  title: 'Are you still there?',
  warning: 'You have not done anything here for a while. You will be signed out in {left}.',
  final:
    'Your session has reached its longest time. You will be signed out in {left}. Save your work, then sign in again.',
  stay: 'Stay signed in',
  signOut: 'Sign out now',
  close: 'Close',
  checkingTitle: 'One moment',
  checking: 'Your time is up. This page asks whether you are still signed in.',
  unreachable: 'The server cannot be reached. This page keeps trying.',
  windowTitle: '{left} left',
}
