import assert from 'node:assert/strict'
import { hour, minute } from '../../core/duration.ts'
import { formSentences } from '../../core/words.ts'
import type { Browser } from './browser.ts'
import type { Laws } from './site.ts'

interface Outcome {
  readonly verdict: string
  readonly sentence?: string
  readonly deadline: number | null
  readonly draft?: Draft
}

interface Draft {
  readonly page: number
  readonly answers: readonly (readonly [string, string])[]
  readonly omitted: readonly string[]
}

const policy = { formTimeout: '10m' } as const
const answers = 'street=High%20Street&street=No%205&pin=1234'
const kept = [
  ['street', 'High Street'],
  ['street', 'No 5'],
]

async function submit(browser: Browser, page: number, body = answers): Promise<Outcome> {
  const reply = await browser.submit(`/form?page=${page}`, body)
  assert.equal(reply.status, 200, reply.body)
  return JSON.parse(reply.body) as Outcome
}

async function form(browser: Browser): Promise<{ deadline: number | null; draft: Draft | null }> {
  return JSON.parse((await browser.get('/form')).body) as { deadline: number | null; draft: Draft | null }
}

export const formLaws: Laws = {
  async 'JAD-10 JAD-13 a page is in time at its deadline and late one millisecond after, counted from the page before'(
    open,
  ) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    const first = await submit(browser, 1)
    assert.deepEqual([first.verdict, first.deadline], ['in_time', site.clock.now() + 10 * minute])
    for (const page of [2, 3]) {
      site.clock.advance(10 * minute)
      assert.equal((await submit(browser, page)).verdict, 'in_time')
    }
    site.clock.advance(10 * minute + 1)
    assert.equal((await submit(browser, 4)).verdict, 'form_timeout')
  },

  async 'JAD-12 the first page may stay open for hours; its answer starts the time'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    assert.deepEqual(await form(browser), { deadline: null, draft: null })
    site.clock.advance(hour)
    assert.equal((await submit(browser, 1)).verdict, 'in_time')
    assert.equal((await form(browser)).deadline, site.clock.now() + 10 * minute)
  },

  async 'JAD-14 the time of a page is the policy’s'(open) {
    for (const [late, verdict] of [
      [0, 'in_time'],
      [1, 'form_timeout'],
    ] as const) {
      const site = await open({ policy: { formTimeout: '3m' } })
      const browser = await site.loggedIn()
      await submit(browser, 1)
      site.clock.advance(3 * minute + late)
      assert.equal((await submit(browser, 2)).verdict, verdict)
    }
  },

  async 'JAD-11 a late page is told when it is sent, and its answers are kept but for the secrets'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    await submit(browser, 1)
    site.clock.advance(10 * minute + 1)
    assert.equal((await form(browser)).draft, null, 'nothing is said before')
    const { sentence, draft } = await submit(browser, 2)
    assert.equal(sentence, formSentences.form_timeout)
    assert.deepEqual([draft?.page, draft?.answers, draft?.omitted], [2, kept, ['pin']])
    assert.deepEqual((await form(browser)).draft, draft)
    for (const { id } of await site.rows())
      assert.doesNotMatch(JSON.stringify(await site.auth.data.read(id)), /1234/)
    assert.equal((await submit(browser, 1)).verdict, 'in_time')
    assert.deepEqual((await form(browser)).draft, draft, 'page 2 is filled from it')
    assert.equal((await submit(browser, 2)).verdict, 'in_time')
    assert.equal((await form(browser)).draft, null)
  },

  async 'JAD-17 where the session was over first the message is another, and the answers are for the same person'(
    open,
  ) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    await submit(browser, 1)
    await site.auth.end({ subject: 'u-1' }, 'admin_revoked')
    const { verdict, sentence, draft } = await submit(browser, 2)
    assert.deepEqual([verdict, sentence], ['session_lost', formSentences.session_lost])
    assert.notEqual(sentence, formSentences.form_timeout)
    assert.deepEqual(draft?.answers, kept)
    assert.equal((await form(browser)).draft, null, 'whoever comes to this computer now is nobody')
    await browser.post('/login?subject=u-1')
    assert.deepEqual((await form(browser)).draft, draft)
  },

  async 'JAD-17 A-07 another person on the same computer does not get the answers'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    await submit(browser, 1)
    await site.auth.end({ subject: 'u-1' }, 'admin_revoked')
    await submit(browser, 2)
    await browser.post('/login?subject=u-2')
    assert.equal((await form(browser)).draft, null)
  },

  async 'JAD-17 of a late page and a session that ended later, the page was late'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    await submit(browser, 1)
    site.clock.advance(10 * minute + 1)
    await site.auth.end({ subject: 'u-1' }, 'admin_revoked')
    assert.equal((await submit(browser, 2)).verdict, 'form_timeout')
  },

  async 'JAD-12 SLI-31 a guest’s form goes on after the login'(open) {
    const site = await open({ policy })
    const browser = site.browser()
    assert.equal((await submit(browser, 1)).verdict, 'in_time')
    await browser.post('/login')
    site.clock.advance(10 * minute)
    assert.equal((await submit(browser, 2)).verdict, 'in_time')
  },

  async 'JAD-17 a page that nobody began is lost, and one that is none is refused'(open) {
    const site = await open({ policy })
    const guest = site.browser()
    assert.equal((await submit(guest, 2)).verdict, 'session_lost')
    assert.deepEqual(
      (await form(guest)).draft?.answers,
      kept,
      'a guest has it, in the session that began with it',
    )
    for (const page of ['0', '-1', '1.5', 'x'])
      assert.ok((await guest.submit(`/form?page=${page}`, answers)).status >= 400, page)
  },

  async 'JAD-11 where a session has no room for the answers, the answer to the late page still has them'(
    open,
  ) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    await browser.post(`/write?key=big&value=${'x'.repeat(7_000)}`)
    for (let i = 0; i < 8; i++) await browser.post(`/write?key=big${i}&value=${'x'.repeat(7_000)}`)
    await submit(browser, 1)
    site.clock.advance(10 * minute + 1)
    const { draft } = await submit(browser, 2, `letter=${'y'.repeat(12_000)}`)
    assert.equal(draft?.answers[0]?.[1].length, 12_000)
    assert.equal((await form(browser)).draft, null)
  },
}
