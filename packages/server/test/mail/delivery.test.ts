import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { jsonLines } from '../../src/logger.ts'
import type { Mail, Mailer } from '../../src/mail/mail.ts'
import { PostOffice } from '../../src/mail/post-office.ts'
import { smtpMailer } from '../../src/mail/smtp-mailer.ts'
import { aMailingServer, aMailServer, mailPassword, tokenOf } from '../mail-server.ts'

const letter = { to: 'uma@example.com', subject: 'A subject', text: 'https://a.example/?token=a-secret\n' }

async function anOffice(t: TestContext, retryAfter: readonly number[] = [1, 1, 1]) {
  const mail = await aMailServer(t)
  const lines: string[] = []
  const log = jsonLines({ write: (line) => void lines.push(line), level: 'debug', now: () => 0 })
  const mailer = smtpMailer({ url: mail.url, from: 'Example <no-reply@example.com>' })
  const office = new PostOffice({ mailer, log, retryAfter })
  t.after(() => office.close())
  return { ...mail, lines, office }
}

test('a letter comes whole, from whom the settings say, in the language of mail programs', async (t) => {
  const { office, letters } = await anOffice(t)
  const text = `Grüße, ${'a very long line '.repeat(80)}\n\nhttps://a.example/login/reset?token=${'x'.repeat(66)}\n`
  office.post({ to: 'uma@example.com', subject: 'Choose a new password für Uma', text })
  await office.idle()
  const [came] = letters
  assert.deepEqual(
    [came?.from, came?.to, came?.text.replaceAll('\r\n', '\n')],
    ['no-reply@example.com', ['uma@example.com'], text],
  )
  assert.match(came?.raw ?? '', /^From: Example <no-reply@example.com>\r$/m)
  assert.match(came?.raw ?? '', /^Auto-Submitted: auto-generated\r$/m)
})

test('an address is one address: what is written in it makes no second receiver and no header', async (t) => {
  const { office, letters } = await anOffice(t)
  for (const to of [
    'a@b.example,evil@c.example',
    'a@b.example>,<evil@c.example',
    'a@b.example\r\nBcc: evil@c.example',
  ])
    office.post({ ...letter, to })
  await office.idle()
  for (const { to, raw } of letters) {
    assert.ok(!to.includes('evil@c.example'), to.join(' '))
    assert.doesNotMatch(raw, /^Bcc/m)
  }
})

test('a letter that is not taken is tried again, three times, and then given up and logged without its text', async (t) => {
  const { office, letters, refusals, lines } = await anOffice(t)
  refusals.push(451, 451, 451)
  office.post(letter)
  await office.idle()
  assert.equal(letters.length, 1)
  refusals.push(451, 451, 451, 451)
  office.post(letter)
  await office.idle()
  assert.deepEqual([letters.length, refusals.length], [1, 0])
  const [line = ''] = lines
  assert.match(line, /mail\.failed/)
  assert.ok(!lines.join('').includes('a-secret') && !lines.join('').includes(mailPassword))
})

test('a letter that is refused for good is not tried again, and the next one is sent', async (t) => {
  const { office, letters, refusals } = await anOffice(t, [60_000])
  refusals.push(550)
  office.post(letter)
  office.post({ ...letter, subject: 'The next' })
  await office.idle()
  assert.deepEqual(
    letters.map(({ subject }) => subject),
    ['The next'],
  )
})

test('a stop waits for no later try, and sends each letter that waits once', async (t) => {
  const { office, letters, refusals } = await anOffice(t, [3_600_000])
  refusals.push(451)
  office.post(letter)
  office.post({ ...letter, subject: 'The next' })
  await office.close()
  assert.deepEqual(
    letters.map(({ subject }) => subject),
    ['The next'],
  )
})

test('nothing of a letter is sent before whoever posted it has gone on, and a flood of them is not kept', async () => {
  const sent: Mail[] = []
  const mailer: Mailer = {
    send: (mail) => Promise.resolve(void sent.push(mail)),
    close: () => Promise.resolve(),
  }
  const lines: string[] = []
  const log = jsonLines({ write: (line) => void lines.push(line), level: 'debug', now: () => 0 })
  const office = new PostOffice({ mailer, log })
  for (let i = 0; i < 1_001; i++) office.post(letter)
  await Promise.resolve()
  assert.equal(sent.length, 0)
  await office.idle()
  assert.equal(sent.length, 1_000)
  assert.match(lines.join(''), /mail\.dropped/)
  office.post(letter)
  await office.idle()
  assert.equal(sent.length, 1_001)
})

test('R-73 while the mail server is down people are answered as ever, and nothing is told of it', async (t) => {
  const server = await aMailingServer(t, {
    env: { SOJOURN_SMTP: 'smtp://sojourn:let-nobody-see@127.0.0.1:1' },
  })
  await server.person('uma@example.com')
  for (const email of ['uma@example.com', 'nobody@example.com']) {
    const { status, text } = await server.browser().submit('/login/reset', { email })
    assert.equal(status, 200)
    assert.doesNotMatch(text, /let-nobody-see|127\.0\.0\.1|ECONNREFUSED/)
  }
})

test('A-26 R-70 no token of a link and no password of the mail server stands in the log, in the database or in an address', async (t) => {
  const server = await aMailingServer(t)
  const email = 'uma@example.com'
  const password = 'a password of Uma'
  await server.browser().submit('/signup', { name: 'Uma', email, password })
  const tokens = [tokenOf(await server.link(email))]
  const browser = server.browser()
  await browser.submit('/signup/confirm', { token: tokens[0] ?? '', password })
  for (const path of ['/login/link', '/login/reset']) {
    await server.browser().submit(path, { email })
    const link = await server.link(email)
    tokens.push(tokenOf(link))
    await server.browser().go(link)
  }
  await browser.submit('/account/email', { email: 'new@example.com' })
  const link = await server.link('new@example.com')
  tokens.push(tokenOf(link))
  await browser.go(link)
  await browser.submit('/account/email/confirm', { token: tokens[3] ?? '' })
  assert.equal(new Set(tokens).size, 4)
  const log = server.lines.join('\n')
  assert.match(log, /account\.changed/)
  for (const secret of [...tokens.map((token) => token.split('.')[1] ?? ''), mailPassword, password]) {
    assert.ok(secret.length > 10)
    for (const form of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ])
      assert.ok(!log.includes(form))
  }
  for (const { headers, status } of server.answers)
    if (status === 303) assert.ok(!tokens.some((token) => headers.location?.includes(token)))
})
