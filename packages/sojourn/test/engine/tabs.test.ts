import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hour, minute, second } from '../../src/core/duration.ts'
import type { RequestFacts } from '../../src/core/session.ts'
import { anEngine, browser, stores } from './an-engine.ts'
import { distant, turn } from './around.ts'

const owner: RequestFacts = { userAgent: browser, ip: '203.0.113.7', passive: false }
const thief: RequestFacts = { userAgent: 'curl/8', ip: '198.51.100.66', passive: false }

/** Numbers from 0 to 1 that look like chance and are the same in every run (mulberry32). */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Jar {
  token: string
  refresh: string
}

type AnEngine = ReturnType<typeof anEngine>

/** One request of a tab, as the web layer serves it: verify, else restore. The jar takes what the answer brings, unless it is lost. */
async function visit(
  { engine }: AnEngine,
  jar: Jar,
  lost: () => boolean,
  delay: () => number,
): Promise<string> {
  for (let turns = delay(); turns > 0; turns--) await turn()
  const sent = { ...jar }
  const verified = await engine.verify(sent.token, owner)
  if (verified.state === 'active') {
    if (verified.token !== null && !lost()) jar.token = verified.token.reveal()
    return 'in'
  }
  const restoration = await engine.restore(sent.refresh, owner)
  for (let turns = delay(); turns > 0; turns--) await turn()
  if (restoration.state === 'late') return 'again'
  if (restoration.state !== 'restored') return 'out'
  const { token, refresh } = restoration.started
  if (!lost()) Object.assign(jar, { token: token.reveal(), refresh: refresh?.reveal() })
  return 'in'
}

for (const [name, open] of stores)
  describe(`the race of tabs on ${name}`, () => {
    test('P-10 A-06 20 tabs, 50 rounds, a tenth of the answers lost or late: 0 logouts, one live token a family', async () => {
      const at = anEngine({ store: distant(open()), policy: 'stay-logged-in' })
      const chance = chances(20)
      const started = await at.login('u-1', { remember: true })
      const jar: Jar = { token: started.token.reveal(), refresh: started.refresh?.reveal() ?? '' }
      let out = 0
      for (let round = 0; round < 50; round++) {
        at.clock.advance(2 * hour + minute)
        const lost = () => chance() < 0.1
        const delay = () => Math.floor(chance() * 6)
        const answers = await Promise.all(Array.from({ length: 20 }, () => visit(at, jar, lost, delay)))
        out += answers.filter((answer) => answer === 'out').length
        at.clock.advance(second)
        assert.equal(
          await visit(
            at,
            jar,
            () => false,
            () => 0,
          ),
          'in',
        )
        await at.engine.flush()
        const { items } = await at.engine.list({ subject: 'u-1', state: 'any', limit: 1_000 })
        const spendable = items.filter(({ rememberedUntil }) => rememberedUntil !== null)
        assert.equal(spendable.length, 1, `round ${round}`)
      }
      assert.equal(out, 0)
    })

    test('A-05 P-10 a stolen refresh token is caught in every run, used inside the grace period or after it', async () => {
      const runs = 1_000
      let caught = 0
      for (let run = 0; run < runs; run++) {
        const at = anEngine({ policy: 'stay-logged-in' })
        const chance = chances(run)
        const started = await at.login('u-1', { remember: true })
        const stolen = started.refresh?.reveal() ?? ''
        const jar: Jar = { token: started.token.reveal(), refresh: stolen }
        const other: Jar = { token: '', refresh: stolen }
        const parties: [Jar, RequestFacts][] = [
          [jar, owner],
          [other, thief],
        ]
        if (chance() < 0.5) parties.reverse()
        for (let round = 0; round < 3 && !isCaught(at); round++) {
          at.clock.advance(2 * hour + minute)
          for (const [party, facts] of parties) {
            const restoration = await at.engine.restore(party.refresh, facts)
            if (restoration.state === 'restored') {
              const { token, refresh } = restoration.started
              Object.assign(party, { token: token.reveal(), refresh: refresh?.reveal() })
              await at.engine.verify(party.token, facts)
              await at.engine.flush()
            }
            // Inside the grace period once in two runs; two parties that know nothing of each other do not keep step for long.
            at.clock.advance(round === 0 && chance() < 0.5 ? second : minute)
          }
        }
        if (isCaught(at)) caught++
        const { items } = await at.engine.list({ subject: 'u-1', state: 'live' })
        assert.equal(items.length, 0, `run ${run}: nobody is left in`)
        await at.engine.close()
      }
      assert.equal(caught, runs)
    })
  })

function isCaught({ events }: AnEngine): boolean {
  return events.some(({ type }) => type === 'refresh.reused')
}
