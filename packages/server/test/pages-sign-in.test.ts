import assert from 'node:assert/strict'
import test from 'node:test'
import { endReasons, endSentences } from 'sojourn'
import { field } from '../src/pages/field.ts'
import { login } from '../src/pages/login.ts'
import { logout } from '../src/pages/logout.ts'
import { message } from '../src/pages/message.ts'
import { signup } from '../src/pages/signup.ts'
import { tagsOf, type Tag } from './pages/outline.ts'

const hour = 3_600_000
const day = 24 * hour
const viewer = { name: 'Ada', isAdmin: false }

for (const reason of endReasons)
  test(`P-11 the login page tells a person about ${reason} in a sentence`, () => {
    const tags = tagsOf(login({ endedSentence: endSentences[reason] }))
    const notice = tags.find(({ attributes }) => attributes['role'] === 'status')
    assert.equal(notice?.text, endSentences[reason])
  })

test('a browser and a password manager know the fields of both forms', () => {
  assert.deepEqual(
    inputs(login({})).map(({ name, type, autocomplete }) => [name, type, autocomplete]),
    [
      ['email', 'email', 'username'],
      ['password', 'password', 'current-password'],
      ['response', 'hidden', undefined],
    ],
  )
  assert.deepEqual(
    inputs(signup({ minPasswordLength: 8 })).map(({ name, type, autocomplete }) => [
      name,
      type,
      autocomplete,
    ]),
    [
      ['name', 'text', 'name'],
      ['email', 'email', 'username'],
      ['password', 'password', 'new-password'],
    ],
  )
})

test('a refused sign-in says so at both fields, keeps the address and the way back, and no password', () => {
  const markup = login({ email: 'ada@example.com', returnTo: '/account?a=1&b=2', error: 'Wrong.' })
  const tags = tagsOf(markup)
  const alert = tags.find(({ attributes }) => attributes['role'] === 'alert')
  assert.equal(alert?.text, 'Wrong.')
  const [email, password, back] = inputs(markup)
  assert.equal(email?.['value'], 'ada@example.com')
  assert.equal(password?.['value'], undefined)
  for (const input of [email, password]) {
    assert.equal(input?.['aria-invalid'], 'true')
    assert.equal(input?.['aria-describedby'], alert?.attributes['id'])
  }
  assert.deepEqual([back?.['name'], back?.['value']], ['return_to', '/account?a=1&b=2'])
  assert.ok(
    links(tags).includes('/signup?return_to=%2Faccount%3Fa%3D1%26b%3D2'),
    'and through the sign-up page',
  )
})

test('a password field gives nothing back, whatever it is given', () => {
  const markup = field({
    name: 'p',
    label: 'P',
    type: 'password',
    autocomplete: 'current-password',
    value: 'hunter2',
  })
  assert.doesNotMatch(markup.toString(), /hunter2/)
})

test('a login page that nothing was sent to marks nothing as wrong', () => {
  for (const input of inputs(login({}))) assert.equal(input['aria-invalid'], undefined)
})

test('a refused sign-up says at each field what is wrong with it', () => {
  const markup = signup({ email: 'ada@', minPasswordLength: 12, errors: { email: 'No address.' } })
  const tags = tagsOf(markup)
  const [name, email, password] = inputs(markup)
  assert.equal(name?.['aria-invalid'], undefined)
  assert.equal(email?.['aria-invalid'], 'true')
  assert.equal(byId(tags, email?.['aria-describedby'])?.text, 'No address.')
  assert.match(byId(tags, password?.['aria-describedby'])?.text ?? '', /^At least 12 characters/)
  assert.equal(tags.find((tag) => tag.name === 'title')?.text, 'Error: Sign up · Sojourn')
})

test('SLI-04 keeping somebody signed in is a box of its own, off, with its span in its hint; without a span there is none', () => {
  const pages = {
    login: (remember?: boolean) => login({ rememberFor: 30 * day, remember }),
    signup: (remember?: boolean) => signup({ rememberFor: 36 * hour, remember, minPasswordLength: 8 }),
  }
  for (const [name, page] of Object.entries(pages)) {
    const box = inputs(page()).find(({ type }) => type === 'checkbox')
    assert.deepEqual([box?.['name'], box?.['value'], box?.['checked']], ['remember', 't', undefined])
    const hint = byId(tagsOf(page()), box?.['aria-describedby'])
    assert.match(hint?.text ?? '', name === 'login' ? / for 30 days after / : / for 1 day after /)
    assert.ok('checked' in (inputs(page(true)).find(({ type }) => type === 'checkbox') ?? {}))
  }
  for (const rememberFor of [undefined, null])
    for (const markup of [login({ rememberFor }), signup({ rememberFor, minPasswordLength: 8 })])
      assert.ok(!inputs(markup).some(({ type }) => type === 'checkbox'))
})

test('an install without sign-up does not offer it', () => {
  assert.ok(links(tagsOf(login({}))).includes('/signup'))
  assert.ok(!links(tagsOf(login({ signup: false }))).includes('/signup'))
})

test('ROD-16 the label of the global logout is rendered, and can be worded otherwise', () => {
  const label = (markup: string) => tagsOf(markup).find((tag) => tag.name === 'label')?.text
  assert.equal(label(logout({ viewer })), 'Logout all Logged In Sessions?')
  assert.equal(label(logout({ viewer, globalLabel: 'Überall abmelden?' })), 'Überall abmelden?')
})

test('ROD-17 the parameter of the global logout is global_logout, and can be named otherwise', () => {
  const box = (markup: string) => inputs(markup).find(({ type }) => type === 'checkbox')
  assert.deepEqual(
    [box(logout({ viewer }))?.['name'], box(logout({ viewer }))?.['value']],
    ['global_logout', 't'],
  )
  assert.equal(box(logout({ viewer }))?.['checked'], undefined, 'nobody signs out everywhere by not looking')
  assert.equal(box(logout({ viewer, globalParam: 'everywhere' }))?.['name'], 'everywhere')
})

test('a message says what happened and leads on: to the account, or to the login', () => {
  const guest = message({ kind: 503 })
  assert.match(guest, /You have not been signed out/)
  assert.ok(links(tagsOf(guest)).includes('/login'))
  assert.ok(links(tagsOf(message({ kind: 404, viewer }))).includes('/account/sessions'))
})

function inputs(markup: string): readonly Tag['attributes'][] {
  return tagsOf(markup).flatMap(({ name, attributes }) => (name === 'input' ? [attributes] : []))
}

function links(tags: readonly Tag[]): readonly string[] {
  return tags.flatMap(({ name, attributes }) => (name === 'a' ? (attributes['href'] ?? []) : []))
}

function byId(tags: readonly Tag[], id: string | undefined): Tag | undefined {
  return tags.find(({ attributes }) => attributes['id'] === id)
}
