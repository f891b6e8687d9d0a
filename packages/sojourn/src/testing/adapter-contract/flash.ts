import assert from 'node:assert/strict'
import type { Laws } from './site.ts'

export const flashLaws: Laws = {
  async 'JAD-03 a message is read exactly once, after a redirect, by a guest'(open) {
    const site = await open()
    const browser = site.browser()
    const reply = await browser.post('/flash')
    assert.deepEqual([reply.status, reply.headers.location], [303, '/notice'])
    assert.equal((await browser.get('/notice')).body, '"wrong password"')
    assert.equal((await browser.get('/notice')).body, 'null')
  },

  async 'JAD-03 the latest message of a name is the one that is read'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    await browser.post('/flash?message=first')
    await browser.post('/flash?message=second')
    assert.equal((await browser.get('/notice')).body, '"second"')
    assert.equal((await browser.get('/notice')).body, 'null')
  },

  async 'JAD-03 of requests at once, one gets the message'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    await browser.post('/flash')
    const replies = Array.from({ length: 8 }, () => browser.get('/gate/notice'))
    await site.gate.waiting(replies.length)
    site.gate.open()
    const bodies = (await Promise.all(replies)).map(({ body }) => body)
    assert.deepEqual(
      bodies.filter((body) => body !== 'null'),
      ['"wrong password"'],
    )
  },
}
