import assert from 'node:assert/strict'
import { test } from 'node:test'
import { house } from './a-house.ts'

const secret = 'a-secret-of-tests-that-is-long-enough'

test('R-40 a form’s token is good in its own session, and in no other', async () => {
  const [a, b] = [house({ secret }), house({ secret })]
  const [one, two] = [await a.next(), await b.next()]
  await one.login('u-1')
  await two.login('u-2')
  const token = one.formToken
  assert.match(token ?? '', /^[\w-]{22}\.[\w-]{43}$/)
  assert.equal(one.isFormToken(token), true)
  assert.equal(two.isFormToken(token), false)
  assert.notEqual(one.formToken, token, 'another one each time, and all are good')
  await a.finish(one)
  const later = await a.next()
  assert.equal(later.isFormToken(token), true, 'at the next request too')
  await later.renew()
  assert.equal(later.isFormToken(token), true, 'an open form outlives a new token of its session')
})

test('R-40 a guest’s token is refused once they have signed in, and a person’s once they have signed out', async () => {
  const { next, finish } = house({ secret })
  const guest = await next()
  assert.equal(guest.formToken, null, 'there is no session yet')
  guest.set('cart', ['apple'])
  await finish(guest)
  const again = await next()
  const before = again.formToken
  assert.equal(again.isFormToken(before), true)
  await again.login('u-1')
  assert.equal(again.isFormToken(before), false)
  const signedIn = again.formToken
  assert.equal(again.isFormToken(signedIn), true)
  await again.logout()
  assert.equal(again.isFormToken(signedIn), false)
})

test('R-40 whatever is not whole is refused: parts, other lengths, other values', async () => {
  const { next } = house({ secret })
  const visit = await next()
  await visit.login('u-1')
  const token = visit.formToken ?? ''
  const [salt = '', mac = ''] = token.split('.')
  const other = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`
  for (const wrong of [
    '',
    '.',
    salt,
    mac,
    `${salt}.`,
    `.${mac}`,
    `${salt}.${other}`,
    `${mac}.${salt}`,
    `${token}A`,
    ` ${token}`,
  ])
    assert.equal(visit.isFormToken(wrong), false, wrong)
  for (const wrong of [undefined, null, 7, [token], { toString: () => token }])
    assert.equal(visit.isFormToken(wrong), false)
  // The double submit that trusts itself: a value that the form and a cookie share, of the sender's choice.
  assert.equal(visit.isFormToken(`${'A'.repeat(22)}.${'A'.repeat(43)}`), false)
})

test('R-40 a token stands while the secret is replaced, and falls with it', async () => {
  const next = 'another-secret-that-is-long-enough-too'
  const old = house({ secret })
  const visit = await old.next()
  await visit.login('u-1')
  const id = visit.id ?? ''
  const token = visit.formToken
  assert.equal(house({ secret: [next, secret] }).auth.isFormToken(id, token), true)
  assert.equal(house({ secret: next }).auth.isFormToken(id, token), false)
})

test('R-40 without a secret there are none: ids are public, and anybody could make one', async () => {
  const { next } = house()
  const visit = await next()
  await visit.login('u-1')
  assert.throws(() => visit.formToken, { code: 'invalid_option', message: /secret/ })
  assert.throws(() => visit.isFormToken(`${'A'.repeat(22)}.${'A'.repeat(43)}`), { code: 'invalid_option' })
})
