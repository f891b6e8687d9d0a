import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, hour, minute } from '../../src/core/duration.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { isReply, openVisit } from '../../src/web/open.ts'
import type { Visit } from '../../src/web/visit.ts'
import { AnExchange } from './an-exchange.ts'

const clock = new FakeClock()
const auth = createSessions({ store: memory(), clock, sweepEvery: null, onWarning: () => {} })
const { visitorCookie, cookie } = auth.web

function visitor(issuedAt = clock.now(), uid = 'A'.repeat(22)): string {
  return `${visitorCookie}=v1.${uid}.${issuedAt}`
}

async function open(exchange: AnExchange): Promise<{ visit: Visit; holds: boolean[] }> {
  const holds: boolean[] = []
  const visit = await openVisit(auth, auth.web, exchange, (setsCookie) => holds.push(setsCookie))
  assert.ok(!isReply(visit))
  return { visit, holds }
}

test('AUR-11 an id that stands is read as often as a page likes, and costs the answer nothing', async () => {
  const exchange = new AnExchange({ cookie: visitor() })
  const { visit, holds } = await open(exchange)
  for (let i = 0; i < 3; i++) assert.equal(visit.visitorUid, 'A'.repeat(22))
  assert.deepEqual(holds, [])
  assert.equal(visit.finish(), undefined)
  assert.deepEqual(exchange.answered('Set-Cookie'), [])
  assert.deepEqual(exchange.answered('Cache-Control'), ['no-store'])
})

test('AUR-11 where the answer is kept by no cache already, it says so once', async () => {
  const { token } = await auth.start({ subject: 'u-1' })
  const exchange = new AnExchange({ cookie: `${cookie}=${token.reveal()}; ${visitor()}` })
  const { visit } = await open(exchange)
  assert.equal(visit.visitorUid, 'A'.repeat(22))
  assert.deepEqual(exchange.answered('Cache-Control'), ['no-store'])
})

test('AUR-07 a new id makes the answer wait for its cookie, and is one for the whole request', async () => {
  const exchange = new AnExchange()
  const { visit, holds } = await open(exchange)
  const uid = visit.visitorUid
  assert.equal(visit.visitorUid, uid)
  assert.deepEqual(holds, [true])
  await visit.finish()
  assert.equal(exchange.answered('Set-Cookie').length, 1)
})

test('AUR-11 of several cookies of one name the first that is one counts', async () => {
  const { visit } = await open(new AnExchange({ cookie: `${visitorCookie}=tossed; ${visitor()}` }))
  assert.equal(visit.visitorUid, 'A'.repeat(22))
})

test('AUR-10 one logout renews it once, also where another node’s clock is behind', async () => {
  const { token, session } = await auth.start({ subject: 'u-1' })
  await auth.end({ id: session.id }, 'user_logout')
  clock.advance(-2 * minute)
  const sid = `${cookie}=${token.reveal()}`
  const exchange = new AnExchange({ cookie: `${sid}; ${visitor()}` })
  const { visit } = await open(exchange)
  const uid = visit.visitorUid
  await visit.finish()
  const [issued = ''] = exchange.answered('Set-Cookie')
  assert.match(issued, /; Max-Age=31536000$/)
  const again = new AnExchange({ cookie: `${sid}; ${issued.split(';')[0]}` })
  const { visit: next, holds } = await open(again)
  assert.deepEqual([next.visitorUid, holds], [uid, []])
})

test('AUR-11 the cookie of an id that stands is not set again, and its own time runs on', async () => {
  const old = visitor(clock.now() - 364 * day - 23 * hour)
  const { visit, holds } = await open(new AnExchange({ cookie: old }))
  assert.deepEqual([visit.visitorUid, holds], ['A'.repeat(22), []])
})

test('a page that is streamed may show an id that stands after its headers have left', async () => {
  const exchange = new AnExchange({ cookie: visitor() })
  const { visit } = await open(exchange)
  exchange.appendHeader = () => {
    throw new Error('Cannot append headers after they are sent to the client')
  }
  assert.equal(visit.visitorUid, 'A'.repeat(22))
})
