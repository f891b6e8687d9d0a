import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { aServer, type Given, type RunningTest } from './a-server.ts'

export interface Letter {
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  /** All of it, as it came. */
  readonly raw: string
}

export interface MailServer {
  /** For `SOJOURN_SMTP`. */
  readonly url: string
  /** Those that were taken, in order. */
  readonly letters: Letter[]
  /** The replies to the next letters, each of which is then not taken. */
  readonly refusals: number[]
}

export const mailUser = 'sojourn'
export const mailPassword = 'the-password-of-the-mail-server'

/** A real SMTP server of the test's own, which wants a password; it closes with the test. */
export async function aMailServer(t: TestContext): Promise<MailServer> {
  const letters: Letter[] = []
  const refusals: number[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    // The server of the test keeps connections open, and closes after this one.
    closeTimeout: 1,
    onAuth({ username, password }, _, done) {
      if (username === mailUser && password === mailPassword) done(null, { user: mailUser })
      else done(new Error('no such user'))
    },
    onData(stream, { envelope }, done) {
      let raw = ''
      stream.setEncoding('utf8')
      stream.on('data', (part: string) => (raw += part))
      stream.on('end', () => {
        const responseCode = refusals.shift()
        if (responseCode !== undefined) return done(Object.assign(new Error('refused'), { responseCode }))
        letters.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          ...read(raw),
          raw,
        })
        return done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.after(() => new Promise<void>((resolve) => server.close(resolve)))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://${mailUser}:${mailPassword}@127.0.0.1:${port}`, letters, refusals }
}

/** What a reader of the letter sees. */
function read(raw: string): Pick<Letter, 'subject' | 'text'> {
  const [head = '', ...body] = raw.split('\r\n\r\n')
  const unfolded = head.replaceAll(/\r\n[ \t]+/g, ' ')
  const subject = /^Subject: (.*)$/m.exec(unfolded)?.[1] ?? ''
  return { subject, text: Buffer.from(body.join(''), 'base64').toString() }
}

export interface MailingTest extends RunningTest {
  readonly mail: MailServer
  /** The letters to an address by now, in order. */
  to(email: string): Promise<readonly Letter[]>
  /** Path and query of the link in the last letter to an address. */
  link(email: string): Promise<string>
}

/** A server that sends its letters to a mail server of the test's own. */
export async function aMailingServer(t: TestContext, given: Given = {}): Promise<MailingTest> {
  const mail = await aMailServer(t)
  const env = { SOJOURN_SMTP: mail.url, SOJOURN_URL: 'http://localhost:4321', ...given.env }
  const server = await aServer(t, { ...given, env })
  const to = async (email: string): Promise<readonly Letter[]> => {
    await server.mailer?.idle()
    return mail.letters.filter((letter) => letter.to.includes(email))
  }
  return {
    ...server,
    mail,
    to,
    async link(email) {
      const text = (await to(email)).at(-1)?.text ?? ''
      const [link] = /http:\/\/localhost:4321\/\S*token=\S+/.exec(text) ?? []
      if (link === undefined) throw new Error(`no link for ${email} in: ${text}`)
      return link.replace('http://localhost:4321', '')
    },
  }
}

/** The token of a link. */
export function tokenOf(link: string): string {
  return new URL(link, 'http://localhost').searchParams.get('token') ?? ''
}
