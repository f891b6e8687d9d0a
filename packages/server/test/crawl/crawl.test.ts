import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from '../a-server.ts'
import { until } from '../until.ts'
import { livesOfAdministrators } from './administrators.ts'
import { askCommands } from './commands.ts'
import { aCrawl, everythingSaid, unvisited, visited } from './crawl.ts'
import { livesByOthers } from './others.ts'
import { livesOfPeople } from './people.ts'
import { lookAtEverything } from './sweep.ts'

/** Kinds of secrets, with the least number of each that a whole crawl brings about. */
const expected = {
  'a cookie': 30,
  'a password': 8,
  'a link': 8,
  'a TOTP secret': 1,
  'a recovery code': 20,
  'an API key': 4,
  'a webhook secret': 4,
  'an id_token': 1,
  'a SAML response': 1,
} as const

test(
  'AUR-06 A-26 R-34 R-70 no secret stands anywhere but where it is given, and every route was looked at',
  { timeout: 120_000 },
  async (t) => {
    const crawl = await aCrawl(t)
    const { server, book, heard, receiver, spans } = crawl
    await livesOfPeople(crawl)
    const administration = await livesOfAdministrators(crawl)
    await livesByOthers(crawl)
    await lookAtEverything(crawl, administration)
    await server.jobs.run('delivery')
    await until(() => receiver.received.some(({ body }) => body.includes('session.ended')))
    heard.push({ where: 'metrics', text: (await server.metrics?.text()) ?? '' })
    await askCommands(crawl, administration)

    // What a demo has beside.
    const demo = await aServer(t, { config: { mode: 'demo' } })
    const mail = await demo.browser().go('/dev/mail')
    heard.push({ where: 'answer of a demo', text: mail.text })

    const said = await everythingSaid(crawl)
    assert.deepEqual(book.leaks(said), [])
    for (const [kind, least] of Object.entries(expected))
      assert.ok((book.counts[kind] ?? 0) >= least, `${kind}: ${book.counts[kind]}`)
    const places = ['answer', 'log', 'letter', 'webhook', 'span', 'row of', 'stream', 'metrics', 'sojourn ']
    for (const place of places)
      assert.ok(said.filter(({ where }) => where.startsWith(place)).length > 0, place)
    assert.ok(spans().length > 500 && server.lines.length > 500)

    assert.deepEqual(
      unvisited(visited(crawl)),
      [],
      'The crawl does not reach these routes, so that nobody knows what they tell: give each a step in test/crawl.',
    )
  },
)
