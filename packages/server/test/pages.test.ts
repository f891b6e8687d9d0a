import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { clientScript } from '../src/client-script.ts'
import { liveScript } from '../src/live-script.ts'
import { passkeysScript } from '../src/passkeys-script.ts'
import { everyPage, guestPages, memberPages, plain } from './pages/every-page.ts'
import { outlineOf, tagsOf, type Tag } from './pages/outline.ts'

const pages = Object.entries(everyPage(plain))

for (const [name, markup] of pages)
  test(`the page ${name} is a document that names its language, its title and its one first heading`, () => {
    assert.match(markup, /^<!doctype html>/)
    const tags = tagsOf(markup)
    assert.equal(only(tags, 'html').attributes['lang'], 'en')
    const heading = only(tags, 'h1').text
    assert.notEqual(heading, '')
    assert.match(only(tags, 'title').text, new RegExp(`^(Error: )?${heading} · Sojourn$`))
    assert.equal(only(tags, 'main').attributes['id'], 'main', 'the target of the skip link')
    assert.equal(
      tags.find((tag) => tag.name === 'a')?.attributes['href'],
      '#main',
      'the skip link comes first',
    )
    const levels = tags.flatMap((tag) => (/^h\d$/.test(tag.name) ? Number(tag.name[1]) : []))
    for (const [at, level] of levels.entries())
      assert.ok(level <= (levels[at - 1] ?? 0) + 1, `no level of headings is left out: ${levels.join(' ')}`)
  })

for (const [name, markup] of pages)
  test(`the page ${name} carries scripts of this origin, nothing inline and nothing from elsewhere`, () => {
    for (const { name: tag, attributes } of tagsOf(markup)) {
      if (tag === 'script') {
        assert.equal(attributes['type'], 'module')
        assert.ok(
          [clientScript, passkeysScript, liveScript].includes(attributes['src'] ?? ''),
          attributes['src'],
        )
        continue
      }
      assert.ok(!['style', 'iframe', 'object', 'embed', 'base', 'img'].includes(tag), tag)
      for (const [attribute, value] of Object.entries(attributes)) {
        assert.doesNotMatch(attribute, /^(on|style$|src)/)
        if (['href', 'action'].includes(attribute) && attributes['rel'] !== 'icon')
          assert.match(value, /^(\/(?!\/)|#|otpauth:)/, `${attribute}=${value}`)
      }
    }
  })

for (const [name, markup] of pages)
  test(`the page ${name} can be used without sight: fields are labelled, buttons differ, ids are met once`, () => {
    const tags = tagsOf(markup)
    const ids = tags.flatMap(({ attributes }) => attributes['id'] ?? [])
    assert.equal(new Set(ids).size, ids.length, ids.join(' '))
    const labelled = tags.flatMap(({ name: tag, attributes }) =>
      tag === 'label' ? (attributes['for'] ?? []) : [],
    )
    for (const { name: tag, attributes } of tags) {
      if (['input', 'select'].includes(tag) && attributes['type'] !== 'hidden')
        assert.ok(labelled.includes(attributes['id'] ?? ''), `a label for ${attributes['name']}`)
      for (const reference of ['aria-describedby', 'aria-labelledby'])
        for (const id of attributes[reference]?.split(' ') ?? [])
          assert.ok(ids.includes(id), `${reference}=${id}`)
      if (tag === 'th') assert.match(attributes['scope'] ?? '', /^(row|col)$/)
      if (tag === 'form') assert.match(attributes['method'] ?? '', /^(get|post)$/)
    }
    const ending = tags
      .filter((tag) => tag.name === 'button' && tag.text !== 'Sign out')
      .map(({ text }) => text)
    assert.equal(new Set(ending).size, ending.length, ending.join(' | '))
  })

for (const [name, markup] of Object.entries(memberPages(plain)))
  test(`R-22 signed in, the page ${name} has a sign-out button that the keyboard reaches`, () => {
    const tags = tagsOf(markup)
    const menu = tags.findIndex((tag) => tag.name === 'details' && tag.attributes['class'] === 'menu')
    assert.equal(tags[menu + 1]?.name, 'summary', 'what opens the menu takes the focus by itself')
    const form = tags.findIndex((tag, at) => at > menu && tag.name === 'form')
    assert.deepEqual(tags[form]?.attributes, { method: 'post', action: '/logout' })
    assert.deepEqual([tags[form + 1]?.name, tags[form + 1]?.text], ['button', 'Sign out'])
    assert.equal(
      tags.filter(({ attributes }) => 'tabindex' in attributes && Number(attributes['tabindex']) > 0).length,
      0,
    )
  })

for (const [name, markup] of Object.entries(guestPages(plain.name)))
  test(`signed out, the page ${name} shows neither a menu nor the places of the signed-in`, () => {
    const tags = tagsOf(markup)
    assert.equal(tags.filter(({ name: tag }) => tag === 'details').length, 0)
    for (const { attributes } of tags)
      assert.doesNotMatch(attributes['href'] ?? attributes['action'] ?? '', /^\/(logout|account|nova)/)
  })

const hostile = {
  'a script': '<script>alert(1)</script>',
  'a closing tag': '</title></li></main><h1>mine</h1>',
  'a quote and a handler': '" onfocus="alert(1)" autofocus x="',
  'single quotes': "' onclick='alert(1)",
  'line breaks': 'Ada\r\nSet-Cookie: a=b\r\n\r\n<b>',
  entities: '&lt;b&gt; &amp;quot; &#x22;',
  'a comment': '<!-- --!> -->',
  'a template hole': '${process.exit()} {{7*7}}',
  emoji: '👩‍🚀🦊\u202Eadmin',
  'a half of an emoji': '\uD83D',
  nothing: '',
  'NUL and controls': '\0\u0007\u001b[2J',
}

/** Of what cannot be read either, or the picture of another device would differ. */
const outlines = Object.entries(everyPage({ name: 'Ada', userAgent: 'words' })).map(
  ([name, markup]) => [name, outlineOf(markup)] as const,
)

for (const [what, text] of Object.entries(hostile))
  test(`names and user agents never break out of a page: ${what}`, () => {
    const filled = everyPage({ name: text, userAgent: text })
    for (const [name, outline] of outlines) assert.deepEqual(outlineOf(filled[name] ?? ''), outline, name)
  })

test('no text whatever breaks out of a page', () => {
  const text = fc.array(
    fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '/',
      '=',
      ' ',
      '\n',
      'a',
      'script',
      '<!--',
      '-->',
      ']]>',
      '`',
      '🦊',
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(text, text, (name, userAgent) => {
      const filled = everyPage({ name: name.join(''), userAgent: userAgent.join('') })
      for (const [page, outline] of outlines) assert.deepEqual(outlineOf(filled[page] ?? ''), outline, page)
    }),
    { numRuns: 40 },
  )
})

test('no page shows what a fingerprint was made of, or anything as long as a secret', () => {
  for (const [name, markup] of pages) {
    assert.doesNotMatch(markup, /fingerprint-of-the-browser/, name)
    assert.doesNotMatch(markup, /[A-Za-z0-9_-]{43}/, `${name}: 256 bits in base64url`)
  }
})

function only(tags: readonly Tag[], name: string): Tag {
  const [tag, ...others] = tags.filter((each) => each.name === name)
  assert.ok(tag !== undefined, `there is <${name}>`)
  assert.equal(others.length, 0, `<${name}> is met once`)
  return tag
}
