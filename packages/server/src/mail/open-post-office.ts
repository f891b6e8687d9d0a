import type { Clock } from 'sojourn'
import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import type { Mailer } from './mail.ts'
import { Mailbox } from './mailbox.ts'
import { PostOffice } from './post-office.ts'
import { smtpMailer } from './smtp-mailer.ts'

/** How letters are sent, as the settings say. */
export interface Post {
  /** `undefined`: no letter can be sent. */
  readonly office: PostOffice | undefined
  /** What a demo shows of the letters; `undefined` in production. */
  readonly mailbox: Mailbox | undefined
}

/** By SMTP where it is set; a demo keeps every letter in its mailbox, and sends it too where SMTP is set. */
export function openPostOffice(
  { mode, smtp, mailFrom }: Pick<Config, 'mode' | 'smtp' | 'mailFrom'>,
  log: Logger,
  clock: Pick<Clock, 'now'>,
): Post {
  const mailbox = mode === 'demo' ? new Mailbox(() => clock.now()) : undefined
  const mailers = [
    ...(mailbox === undefined ? [] : [mailbox]),
    ...(smtp === undefined ? [] : [smtpMailer({ url: smtp, from: mailFrom })]),
  ]
  return { mailbox, office: mailers.length === 0 ? undefined : new PostOffice({ mailer: all(mailers), log }) }
}

function all(mailers: readonly Mailer[]): Mailer {
  return {
    async send(mail) {
      for (const mailer of mailers) await mailer.send(mail)
    },
    async close() {
      for (const mailer of mailers) await mailer.close()
    },
  }
}
