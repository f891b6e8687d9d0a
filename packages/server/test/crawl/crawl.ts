import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { sqlite } from 'sojourn/stores/sqlite'
import { type Database, openDatabase } from '../../src/database/open-database.ts'
import { Integrations } from '../../src/integrations/integrations.ts'
import { everyRoute } from '../../src/routes/index.ts'
import { Webhooks } from '../../src/webhooks/webhooks.ts'
import { aFolder, secret } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'
import { aFactorServer, type FactorTest } from '../factors/factor-server.ts'
import { aPlatform, type FakePlatform } from '../lti/fake-platform.ts'
import { mailPassword } from '../mail-server.ts'
import { site } from '../round-trips/from-elsewhere.ts'
import { keepSpans } from '../telemetry/spans.ts'
import { aReceiver, type Receiver } from '../webhooks/receiver.ts'
import { type Said, SecretBook } from './secret-book.ts'

/** A server with every feature, and all that is said by it. */
export interface Crawl {
  readonly server: FactorTest
  readonly folder: string
  readonly env: { readonly [name: string]: string }
  readonly database: Database
  readonly integrations: Integrations
  readonly webhooks: Webhooks
  readonly receiver: Receiver
  readonly platform: FakePlatform
  readonly spans: () => readonly ReadableSpan[]
  readonly book: SecretBook
  /** What was said beside answers, lines, letters and events: streams, commands, metrics. */
  readonly heard: Said[]
  /** A new password, which is noted. */
  password(): string
  /** The token of the last letter to an address, whose secret may stand there; and the path that it leads to. */
  letter(email: string): Promise<{ readonly path: string; readonly token: string }>
  /** Opens the page of a link: it hands the token on in its form, and so may show it. */
  openLink(browser: Browser, path: string): Promise<Answer>
}

/** A server in the state of production, on files, with mail, metrics, traces and everything that tells others. */
export async function aCrawl(t: TestContext): Promise<Crawl> {
  const spans = keepSpans(t)
  const folder = await aFolder(t)
  const sessions = join(folder, 'sessions.db')
  const env = {
    SOJOURN_SECRET: secret,
    SOJOURN_DATABASE: `sqlite:${join(folder, 'server.db')}`,
    SOJOURN_URL: site,
    SOJOURN_METRICS: 'key',
    SOJOURN_WEBHOOK_NETWORKS: '127.0.0.0/8',
    SOJOURN_TRUST_PROXY: '1',
    SOJOURN_APPLICATIONS: 'https://shop.example.com',
  }
  const config = { policy: { extends: 'stay-logged-in', onExceed: 'ask-user' } } as const
  const server = await aFactorServer(t, { env, config, store: sqlite(sessions) })
  const database = await openDatabase(env.SOJOURN_DATABASE)
  t.after(() => database.destroy())
  const book = new SecretBook()
  book.note('the install’s secret', secret)
  book.note('the password of the mail server', mailPassword)
  let passwords = 0
  const letter = async (email: string) => {
    const path = await server.link(email)
    const letters = await server.to(email)
    const token = new URL(path, site).searchParams.get('token') ?? ''
    book.note('a link', token.split('.')[1] ?? '', letters.at(-1))
    return { path, token }
  }
  return {
    server,
    folder,
    env: { ...env, SOJOURN_STORE: `sqlite:${sessions}` },
    database,
    integrations: new Integrations(database, server.clock),
    webhooks: new Webhooks(database, [secret], server.clock),
    receiver: await aReceiver(t),
    platform: await aPlatform(t, () => server.clock.now()),
    spans,
    book,
    heard: [],
    password() {
      const one = `pass word/${++passwords} of "somebody" & <others>`
      book.note('a password', one)
      return one
    },
    letter,
    async openLink(browser, path) {
      const answer = await browser.go(path)
      assert.equal(answer.status, 200, answer.text)
      book.note('a link', (new URL(path, site).searchParams.get('token') ?? '').split('.')[1] ?? '', answer)
      return answer
    },
  }
}

/** A token's secret half, or a value that is all secret; other cookies open nothing. */
const cookieSecret = /^[^=]+=(?:[\w-]{22}\.)?([\w-]{43})(?:;|$)/

/** Everything that was said, and all rows that are kept. Notes the secrets of cookies on the way: each may stand where it was set. */
export async function everythingSaid(crawl: Crawl): Promise<readonly Said[]> {
  const { server, book, heard, receiver, spans, database, folder } = crawl
  const said: Said[] = [...heard]
  for (const answer of server.answers) {
    const { 'set-cookie': cookies = [], ...headers } = answer.headers
    const where = `answer ${answer.status} ${String(headers['x-request-id'])}`
    said.push({ where, text: `${JSON.stringify(headers)}\n${answer.text}`, of: answer })
    const set = { of: answer }
    for (const cookie of cookies) {
      const value = cookieSecret.exec(cookie)?.[1]
      if (value !== undefined) book.note('a cookie', value, set)
    }
    said.push({ where: `Set-Cookie of ${where}`, text: cookies.join('\n'), of: set })
  }
  for (const line of new Set(server.lines)) said.push({ where: 'log', text: line })
  for (const letter of server.mail.letters)
    said.push({ where: 'letter', text: `${letter.subject}\n${letter.text}\n${letter.raw}`, of: letter })
  for (const { headers, path, body } of receiver.received) {
    // What a receiver of security events asks for is for it alone, and there.
    const { authorization: _, ...others } = headers
    said.push({ where: 'webhook', text: `${JSON.stringify(others)}\n${path}\n${body}` })
  }
  for (const { name, attributes, events, status } of spans())
    said.push({ where: `span ${name}`, text: JSON.stringify([name, attributes, events, status]) })
  for (const table of await database.introspection.getTables())
    for (const row of await database
      .selectFrom(table.name as 'accounts')
      .selectAll()
      .execute())
      said.push({ where: `row of ${table.name}`, text: JSON.stringify(row) })
  const kept = new DatabaseSync(join(folder, 'sessions.db'), { readOnly: true })
  for (const { name } of kept.prepare("select name from sqlite_master where type = 'table'").all())
    for (const row of kept.prepare(`select * from "${String(name)}"`).all())
      said.push({ where: `row of sessions: ${String(name)}`, text: JSON.stringify(row) })
  kept.close()
  return said
}

/** Where a request is sent that came too early, too late, or from nobody: such a one has not reached its route. */
const sentAway =
  /^\/login\?reason=(?:login_required|inactive_session|idle_timeout|absolute_timeout|reauth_required|person_required)/

/** The routes that have answered somebody well, by the spans of their requests. */
export function visited({
  server: { answers },
  spans,
}: Pick<Crawl, 'server' | 'spans'>): ReadonlySet<string> {
  const away = new Set(
    answers.flatMap(({ headers, location }) =>
      sentAway.test(location ?? '') ? headers['x-request-id'] : [],
    ),
  )
  return new Set(
    spans()
      .map(({ attributes }) => attributes)
      .filter(
        (has) => Number(has['http.response.status_code']) < 400 && !away.has(String(has['sojourn.request'])),
      )
      .map((has) => `${String(has['http.request.method'])} ${String(has['http.route'])}`),
  )
}

/** Routes that nobody has come to. */
export function unvisited(reached: ReadonlySet<string>): readonly string[] {
  return everyRoute.map(({ method, path }) => `${method} ${path}`).filter((route) => !reached.has(route))
}
