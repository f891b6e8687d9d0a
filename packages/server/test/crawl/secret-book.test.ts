import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SecretBook } from './secret-book.ts'

const secret = 'Zr6yW0aVpL8xGj2hM4eDuB9kTq1nCs5oFv7iHt3w-_A'
const spelt: readonly (readonly [how: string, text: string])[] = [
  ['raw', `a ${secret} b`],
  ['in the midst of a word', `aaa${secret}bbb`],
  ['URL-encoded', `?p=${encodeURIComponent('pass word/with+signs')}`],
  ['as a form', 'p=pass+word%2Fwith%2Bsigns'],
  ['twice URL-encoded', encodeURIComponent(`?p=${encodeURIComponent('pass word/with+signs')}`)],
  ['hexadecimal', Buffer.from(secret).toString('hex')],
  ['capitals of it', Buffer.from(secret).toString('hex').toUpperCase()],
  ['its bytes', Buffer.from(secret, 'base64url').toString('hex')],
  ['its bytes in the other alphabet', Buffer.from(secret, 'base64url').toString('base64')],
  ...[0, 1, 2, 3, 4].flatMap((before) =>
    (['base64', 'base64url'] as const).map(
      (alphabet) =>
        [
          `${alphabet} after ${before} bytes`,
          Buffer.from(`${'{'.repeat(before)}${secret}"}`).toString(alphabet),
        ] as const,
    ),
  ),
]

for (const [how, text] of spelt)
  test(`AUR-06 a secret is found ${how}`, () => {
    const book = new SecretBook()
    book.note('token', secret)
    book.note('password', 'pass word/with+signs')
    const [leak] = book.leaks([{ where: 'here', text: `before ${text} after` }])
    assert.equal(leak?.where, 'here')
  })

test('AUR-06 a secret may stand where it is shown, and nowhere else; others may not stand there', () => {
  const book = new SecretBook()
  const [letter, page] = [{}, {}]
  book.note('link', secret, letter)
  book.note('password', 'correct horse battery')
  const leaks = book.leaks([
    { where: 'letter', text: secret, of: letter },
    { where: 'page', text: secret, of: page },
    { where: 'letter too', text: 'correct horse battery', of: letter },
    { where: 'well', text: 'nothing' },
  ])
  assert.deepEqual(
    leaks.map(({ where }) => where),
    ['page', 'letter too'],
  )
  assert.throws(() => book.note('short', 'abc'))
})
