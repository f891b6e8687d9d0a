import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { minute } from 'sojourn/core'
import { FakeClock } from 'sojourn/testing/clock'
import { Links } from '../../src/links/links.ts'
import { secret } from '../a-server.ts'
import { databases } from '../databases.ts'

const reset = {
  purpose: 'reset-password',
  account: 'u-1',
  email: 'Uma@example.com',
  details: {},
  lasts: 30 * minute,
} as const

for (const { name, open, skip } of databases) {
  const aLink = async (t: TestContext) => {
    const database = await open(t)
    const clock = new FakeClock()
    const links = new Links(database, [secret], clock)
    return { database, clock, links, token: await links.issue(reset) }
  }

  test(`${name}: a link is good at its last millisecond, and not one later`, { skip }, async (t) => {
    const { clock, links, token } = await aLink(t)
    const late = await links.issue({ ...reset, lasts: 30 * minute - 1 })
    clock.advance(30 * minute)
    assert.equal(await links.look('reset-password', late), undefined)
    assert.equal(await links.spend('reset-password', late), undefined)
    assert.deepEqual(await links.look('reset-password', token), {
      account: 'u-1',
      emailKey: 'uma@example.com',
      details: {},
    })
    assert.equal((await links.spend('reset-password', token))?.account, 'u-1')
  })

  test(
    `${name}: of many who spend a link at once one does, and looking spends nothing`,
    { skip },
    async (t) => {
      const { links, token } = await aLink(t)
      for (let look = 0; look < 3; look++) assert.ok(await links.look('reset-password', token))
      const spent = await Promise.all(Array.from({ length: 20 }, () => links.spend('reset-password', token)))
      assert.equal(spent.filter((link) => link !== undefined).length, 1)
      assert.equal(await links.look('reset-password', token), undefined)
      assert.equal(await links.spend('reset-password', token), undefined)
    },
  )

  test(
    `${name}: a link for one thing is none for another, even where its row says so`,
    { skip },
    async (t) => {
      const { database, links, token } = await aLink(t)
      assert.equal(await links.look('sign-in', token), undefined)
      assert.equal(await links.spend('sign-in', token), undefined)
      await database.updateTable('links').set({ purpose: 'sign-in' }).execute()
      assert.equal(await links.spend('sign-in', token), undefined)
    },
  )

  test(
    `${name}: A-26 whoever reads the table opens nothing, whoever writes to it makes no link`,
    { skip },
    async (t) => {
      const { database, links, token } = await aLink(t)
      const [id = '', part = ''] = token.split('.')
      const rows = JSON.stringify(await database.selectFrom('links').selectAll().execute())
      assert.ok(rows.includes(id))
      for (const form of [
        part,
        Buffer.from(part, 'base64url').toString('hex'),
        Buffer.from(part).toString('base64'),
      ])
        assert.ok(!rows.includes(form))
      const other = new Links(database, ['another-secret-of-32-characters-or-more'], new FakeClock())
      assert.equal(await other.spend('reset-password', token), undefined)
      const bad = [
        `${id}.${'A'.repeat(43)}`,
        `${id}.`,
        id,
        '',
        `${token}x`,
        `${token}.${part}`,
        `' or 1=1 --`,
      ]
      for (const guess of bad) assert.equal(await links.spend('reset-password', guess), undefined, guess)
      assert.ok(await links.look('reset-password', token), 'a wrong guess spends nothing')
    },
  )

  test(`${name}: a link is good under the previous secret too`, { skip }, async (t) => {
    const { database, clock, token } = await aLink(t)
    const next = new Links(database, ['the-next-secret-of-tests-that-is-long', secret], clock)
    assert.ok(await next.spend('reset-password', token))
  })

  test(`${name}: what an account was sent is revoked, what others were is not`, { skip }, async (t) => {
    const { database, links, token } = await aLink(t)
    const others = await links.issue({ ...reset, account: 'u-2' })
    const signUp = await links.issue({
      ...reset,
      purpose: 'sign-up',
      account: null,
      details: { name: 'U', email: 'u@example.com', passwordHash: 'a-hash', remember: false, returnTo: null },
    })
    await links.revoke('u-1')
    assert.equal(await links.look('reset-password', token), undefined)
    assert.ok(await links.look('reset-password', others))
    assert.ok(await links.spend('sign-up', signUp))
    const rows = JSON.stringify(await database.selectFrom('links').selectAll().execute())
    assert.ok(!rows.includes('a-hash'), 'a spent link keeps nothing of what it carried')
  })

  test(`${name}: what has expired is swept away, what has not stays`, { skip }, async (t) => {
    const { database, clock, links, token } = await aLink(t)
    clock.advance(30 * minute)
    await links.sweep()
    assert.ok(await links.look('reset-password', token))
    clock.advance(1)
    await links.sweep()
    assert.deepEqual(await database.selectFrom('links').selectAll().execute(), [])
  })
}
