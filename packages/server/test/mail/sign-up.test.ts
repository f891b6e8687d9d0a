import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day } from 'sojourn/core'
import { password } from '../a-server.ts'
import { aMailingServer, tokenOf } from '../mail-server.ts'

const uma = { name: 'Uma', email: 'uma@example.com', password }
const confirmation = (link: string, chosen = password) => ({ token: tokenOf(link), password: chosen })

test('a sign-up is confirmed by the link and the password, and leads to where it was going', async (t) => {
  const server = await aMailingServer(t)
  const asker = server.browser()
  const asked = await asker.submit('/signup', { ...uma, return_to: '/account/sessions?x=1', remember: 't' })
  assert.equal(asked.status, 200)
  assert.match(asked.text, /Look into your mailbox/)
  assert.equal(await server.accounts.findByEmail(uma.email), undefined, 'there is nothing before')
  assert.equal(asker.cookie, '')

  const link = await server.link(uma.email)
  const phone = server.browser()
  for (let look = 0; look < 3; look++) assert.match((await phone.go(link)).text, /uma@example.com/)
  assert.equal(await server.accounts.findByEmail(uma.email), undefined, 'whoever looks changes nothing')
  const done = await phone.submit('/signup/confirm', confirmation(link))
  assert.equal(done.location, '/account/sessions?x=1')
  assert.equal((await phone.go('/account/sessions')).status, 200)
  const account = await server.accounts.findByEmail(uma.email)
  assert.deepEqual(
    [account?.name, account?.roles, account?.emailVerifiedAt],
    ['Uma', ['user'], server.clock.now()],
  )

  assert.equal((await server.browser().submit('/signup/confirm', confirmation(link))).status, 404)
  assert.equal((await server.browser().go(link)).status, 404)
  assert.equal((await server.browser().submit('/login', { email: uma.email, password })).status, 303)
})

test('the link of a sign-up is good for a day to the millisecond', async (t) => {
  for (const [late, status] of [
    [0, 303],
    [1, 404],
  ] as const) {
    const server = await aMailingServer(t)
    await server.browser().submit('/signup', uma)
    const link = await server.link(uma.email)
    server.clock.advance(day + late)
    assert.equal((await server.browser().submit('/signup/confirm', confirmation(link))).status, status)
  }
})

test('whoever signs up with the address of another has no account that the other confirmed', async (t) => {
  const server = await aMailingServer(t)
  await server.browser().submit('/signup', { ...uma, password: 'the password of a stranger' })
  const link = await server.link(uma.email)
  const answer = await server.browser().submit('/signup/confirm', confirmation(link))
  assert.equal(answer.status, 401)
  assert.equal(await server.accounts.findByEmail(uma.email), undefined)
  assert.ok(!answer.text.includes(password))
})

test('R-77 nobody guesses the password of a sign-up by its link', async (t) => {
  const server = await aMailingServer(t)
  await server.browser().submit('/signup', uma)
  const link = await server.link(uma.email)
  for (let guess = 0; guess < 5; guess++)
    assert.equal(
      (await server.browser().submit('/signup/confirm', confirmation(link, `guess ${guess}`))).status,
      401,
    )
  assert.equal((await server.browser().submit('/signup/confirm', confirmation(link))).status, 401)
  server.clock.advance(1_000)
  assert.equal((await server.browser().submit('/signup/confirm', confirmation(link))).status, 303)
})

test('A-23 R-78 a sign-up says the same whether the address has an account or not; its holder alone hears of it', async (t) => {
  const server = await aMailingServer(t)
  const holder = await server.person('taken@example.com')
  const answers = []
  for (const email of ['taken@example.com', 'new@example.com']) {
    const { status, text, headers } = await server.browser().submit('/signup', { ...uma, email })
    const { date: _, 'x-request-id': __, ...rest } = headers
    answers.push({ status, text, headers: rest })
  }
  assert.deepEqual(answers[0], answers[1])
  const [letter] = await server.to('taken@example.com')
  assert.match(letter?.subject ?? '', /You have an account/)
  assert.ok(!letter?.text.includes('token='))
  assert.ok(!letter?.text.includes('Uma'), 'nothing that a stranger typed')
  assert.deepEqual(await server.accounts.find(holder.id), holder)
})

test('of two sign-ups with one address the first that is confirmed has it', async (t) => {
  const server = await aMailingServer(t)
  await server.browser().submit('/signup', uma)
  const first = await server.link(uma.email)
  await server.browser().submit('/signup', { ...uma, name: 'Second' })
  const second = await server.link(uma.email)
  assert.equal((await server.browser().submit('/signup/confirm', confirmation(second))).status, 303)
  assert.equal((await server.browser().submit('/signup/confirm', confirmation(first))).status, 404)
  assert.equal((await server.accounts.findByEmail(uma.email))?.name, 'Second')
})

test('where sign-up is closed, a link that was sent before makes no account', async (t) => {
  const server = await aMailingServer(t, { config: { signup: false } })
  assert.equal((await server.browser().submit('/signup', uma)).status, 404)
  assert.equal((await server.browser().submit('/signup/confirm', { token: 'x', password })).status, 404)
  assert.deepEqual(await server.to(uma.email), [])
})
