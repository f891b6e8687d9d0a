import { html } from './html.ts'
import { type Frame, page } from './page.ts'

/** A status, or what has words of its own among the answers of one status. */
export type MessageKind = keyof typeof messages
export type MessageStatus = Extract<MessageKind, number>

export interface MessageView extends Frame {
  readonly kind: MessageKind
  /** Takes the place of the usual sentence about what happened. */
  readonly text?: string | undefined
}

/** What went wrong, and what to do now. */
export function message(view: MessageView): string {
  const { kind, viewer } = view
  const { title, happened, advice } = messages[kind]
  const way = viewer
    ? html`<a href="/account/sessions">Go to My Account</a>`
    : html`<a href="/login">Go to the sign-in page</a>`
  const body = html` <div class="card">
    <p>${view.text ?? happened}</p>
    <p>${advice}</p>
    <p>${way}</p>
    <p class="muted">Status ${statusOf(kind)}</p>
  </div>`
  return page({ ...view, title, width: 'narrow', body })
}

export function isMessageStatus(status: number): status is MessageStatus {
  return Object.hasOwn(messages, status)
}

function statusOf(kind: MessageKind): number {
  return kind === 'cross-site' || kind === 'no-origin' ? 403 : kind === 'renewed' ? 401 : kind
}

const messages = {
  400: {
    title: 'Not understood',
    happened: 'The request was not one that this page understands.',
    advice: 'Go back, check what you entered, and send it again.',
  },
  401: {
    title: 'Sign in first',
    happened: 'This page is for people who are signed in.',
    advice: 'Sign in and open it again.',
  },
  403: {
    title: 'Not allowed',
    happened: 'You may not see this page or do what you asked for.',
    advice: 'If you think that you should be allowed to, ask an administrator.',
  },
  'cross-site': {
    title: 'Not allowed from there',
    happened: 'This came from another site, and another site may not change anything here. Nothing was done.',
    advice: 'If it was what you wanted, open the page here and do it again.',
  },
  'no-origin': {
    title: 'Not allowed without an origin',
    happened: 'Your browser did not say which page this came from. Nothing was done.',
    advice:
      'Allow it, or what stands between, to send the Origin header, or use another browser. A program sends Origin itself, with the origin of this site.',
  },
  renewed: {
    title: 'One moment',
    happened: 'Another request has just renewed your session. You are still signed in.',
    advice: 'If this page does not load again by itself, go back and send it again.',
  },
  404: {
    title: 'Not found',
    happened: 'There is no such page, or what it showed is gone.',
    advice: 'Check the address for typing mistakes.',
  },
  405: {
    title: 'Not possible here',
    happened: 'This page cannot be used in that way.',
    advice: 'Go back and use the buttons of the page.',
  },
  409: {
    title: 'Not yet',
    happened: 'Something else has to be done first.',
    advice: 'Go back and look at the page again.',
  },
  413: {
    title: 'Too much at once',
    happened: 'What was sent is larger than this page takes.',
    advice: 'Go back and send less.',
  },
  415: {
    title: 'Not understood',
    happened: 'What was sent is not in a form that this page reads.',
    advice: 'Go back and use the form of the page.',
  },
  429: {
    title: 'Too many attempts',
    happened: 'There have been too many attempts in a short time.',
    advice: 'Wait a few minutes, then try again.',
  },
  500: {
    title: 'Something went wrong',
    happened: 'The mistake is ours, and it has been noted. What you asked for may not have been done.',
    advice: 'Try again. If it happens again, tell whoever runs this server.',
  },
  503: {
    title: 'Not available at the moment',
    happened: 'Sessions cannot be looked up right now. You have not been signed out.',
    advice: 'Wait a little, then load this page again.',
  },
} as const
