import { createTransport } from 'nodemailer'
import type { Mailer } from './mail.ts'

export interface SmtpOptions {
  /** `smtp://` (STARTTLS where it is offered) or `smtps://`, with user and password where they are needed. */
  readonly url: string
  /** Whom letters are from. */
  readonly from: string
}

/** Sends by SMTP, over a few connections that are kept open. Never reads a file or an address that a letter names. */
export function smtpMailer({ url, from }: SmtpOptions): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text }) {
      // As an object, the address is one address: commas and brackets in it make no second receiver.
      const receiver = { name: '', address: to }
      // Base64 keeps long links whole; RFC 3834 asks machines not to answer.
      const headers = { 'Auto-Submitted': 'auto-generated' }
      await transport.sendMail({ from, to: receiver, subject, text, textEncoding: 'base64', headers })
    },
    close() {
      transport.close()
      return Promise.resolve()
    },
  }
}
