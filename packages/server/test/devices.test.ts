import assert from 'node:assert/strict'
import test from 'node:test'
import { type Device, deviceOf } from '../src/devices.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const apple = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)'

const browsers: readonly (readonly [type: Device['type'], browser: string, os: string, userAgent: string])[] =
  [
    [
      'desktop',
      'Chrome',
      'Windows',
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/156.0.0.0 Safari/537.36`,
    ],
    [
      'desktop',
      'Edge',
      'Windows',
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0`,
    ],
    [
      'desktop',
      'Firefox',
      'Windows',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
    ],
    [
      'desktop',
      'Opera',
      'Windows',
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/156.0.0.0 Safari/537.36 OPR/120.0.0.0`,
    ],
    [
      'desktop',
      'Safari',
      'macOS',
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${apple} Version/26.0 Safari/605.1.15`,
    ],
    [
      'desktop',
      'Firefox',
      'macOS',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0',
    ],
    ['desktop', 'Firefox', 'Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'],
    [
      'desktop',
      'Chrome',
      'ChromeOS',
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/156.0.0.0 Safari/537.36`,
    ],
    [
      'desktop',
      'Firefox',
      'FreeBSD',
      'Mozilla/5.0 (X11; FreeBSD amd64; rv:145.0) Gecko/20100101 Firefox/145.0',
    ],
    [
      'mobile',
      'Chrome',
      'Android',
      `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/156.0.0.0 Mobile Safari/537.36`,
    ],
    ['mobile', 'Firefox', 'Android', 'Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0'],
    [
      'mobile',
      'Samsung Internet',
      'Android',
      `Mozilla/5.0 (Linux; Android 13; SM-S908B) ${webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    ],
    [
      'mobile',
      'In-app browser',
      'Android',
      `Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A; wv) ${webkit} Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36`,
    ],
    ['mobile', 'Safari', 'iOS', `${iphone} ${apple} Version/26.0 Mobile/15E148 Safari/604.1`],
    ['mobile', 'Chrome', 'iOS', `${iphone} ${apple} CriOS/156.0.0.0 Mobile/15E148 Safari/604.1`],
    ['mobile', 'In-app browser', 'iOS', `${iphone} ${apple} Mobile/15E148`],
    [
      'tablet',
      'Safari',
      'iPadOS',
      `Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) ${apple} Version/16.6 Mobile/15E148 Safari/604.1`,
    ],
    [
      'tablet',
      'Chrome',
      'Android',
      `Mozilla/5.0 (Linux; Android 14; SM-X710) ${webkit} Chrome/156.0.0.0 Safari/537.36`,
    ],
    [
      'tv',
      'Chrome',
      'Android',
      `Mozilla/5.0 (Linux; Android 12; BRAVIA 4K UR3) ${webkit} Chrome/130.0.0.0 Safari/537.36`,
    ],
    [
      'tv',
      'Samsung Internet',
      'Tizen',
      `Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) ${webkit} SamsungBrowser/7.2 Chrome/120.0.6099.5 TV Safari/537.36`,
    ],
    [
      'tv',
      'Safari',
      'PlayStation',
      `Mozilla/5.0 (PlayStation; PlayStation 5/9.00) ${apple} Version/17.0 Safari/605.1.15`,
    ],
    [
      'bot',
      'Headless Chrome',
      'Linux',
      `Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/156.0.0.0 Safari/537.36`,
    ],
  ]

for (const [type, browser, os, userAgent] of browsers)
  test(`SLI-19 the device and browser type of ${browser} on ${os}, ${type}`, () => {
    assert.deepEqual(deviceOf(userAgent), { type, browser, os, label: `${browser} on ${os}` })
  })

const programs = {
  curl: 'curl/8.14.1',
  Googlebot: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'python-requests': 'python-requests/2.32.3',
  okhttp: 'okhttp/4.12.0',
}

for (const [browser, userAgent] of Object.entries(programs))
  test(`SLI-19 a program is called by its name: ${browser}`, () => {
    assert.deepEqual(deviceOf(userAgent), { type: 'bot', browser, os: 'Unknown', label: browser })
  })

const unreadable = {
  'no user agent': null,
  'an empty one': '',
  blanks: ' \t ',
  'the word Mozilla alone': 'Mozilla/5.0',
  words: 'asdf asdf',
  'a prototype key': '__proto__',
  markup: '<script>alert(1)</script>',
  'a browser after markup': '<b>Firefox/1 x',
  emoji: '🦊🦊🦊',
  '10 kB of one letter': 'a'.repeat(10_240),
}

for (const [what, userAgent] of Object.entries(unreadable))
  test(`SLI-19 unknown where nothing can be read: ${what}`, () => {
    assert.deepEqual(deviceOf(userAgent), {
      type: 'unknown',
      browser: 'Unknown',
      os: 'Unknown',
      label: 'Unknown device',
    })
  })

test('a browser that nobody knows is Unknown, whatever it calls itself', () => {
  assert.deepEqual(deviceOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Call us on 0800 now/1.0 '), {
    type: 'desktop',
    browser: 'Unknown',
    os: 'Windows',
    label: 'Unknown browser on Windows',
  })
})

test('a user agent is read once, and a flood of new ones pushes the oldest out', () => {
  const userAgent = 'curl/1.2.3'
  const first = deviceOf(userAgent)
  assert.equal(deviceOf(userAgent), first, 'remembered')
  for (let n = 0; n < 500; n++) deviceOf(`flood/${n}`)
  assert.equal(deviceOf(userAgent), first, 'asked again, so the youngest')
  for (let n = 500; n < 1_499; n++) deviceOf(`flood/${n}`)
  assert.equal(deviceOf(userAgent), first, 'the oldest of 1,000')
  for (let n = 1_499; n < 2_499; n++) deviceOf(`flood/${n}`)
  assert.notEqual(deviceOf(userAgent), first, 'forgotten')
})
