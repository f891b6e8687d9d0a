import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionView } from '../src/routes/session-view.ts'
import { aServer } from './a-server.ts'
import { textOf } from './pages/outline.ts'
import { aSuperAdmin } from './settings/a-settings-page.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const apple = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

/** What browsers send, and what the lists say of it. */
const shown = [
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/156.0.0.0 Safari/537.36`,
    'Chrome on Windows',
    'Computer',
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0`,
    'Edge on Windows',
    'Computer',
  ],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${apple} Version/26.0 Safari/605.1.15`,
    'Safari on macOS',
    'Computer',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux', 'Computer'],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${apple} Version/26.0 Mobile/15E148 Safari/604.1`,
    'Safari on iOS',
    'Phone',
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/156.0.0.0 Mobile Safari/537.36`,
    'Chrome on Android',
    'Phone',
  ],
  [
    `Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) ${apple} Version/16.6 Mobile/15E148 Safari/604.1`,
    'Safari on iPadOS',
    'Tablet',
  ],
  [
    `Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) ${webkit} SamsungBrowser/7.2 Chrome/120.0.6099.5 TV Safari/537.36`,
    'Samsung Internet on Tizen',
    'TV or console',
  ],
  ['curl/8.14.1', 'curl', 'Program'],
  ['<script>alert(1)</script>', 'Unknown device', 'Unknown'],
] as const

test('SLI-19 SLI-21 of ten user agents people, administrators and programs see device, address and place', async (t) => {
  const server = await aServer(t)
  const { id: subject } = await server.person('uma@example.com')
  for (const [userAgent] of shown) {
    const request = { userAgent, ip: '192.168.1.7', passive: false }
    await server.sessions.start({ subject, method: 'password', request })
    server.clock.advance(1)
  }
  const uma = await server.signedIn('uma@example.com')
  const ada = await aSuperAdmin(server)
  const own = textOf((await uma.go('/account/sessions')).text)
  const all = textOf((await ada.go('/nova/resources/auth-sessions')).text)
  for (const [, label, type] of shown) {
    assert.ok(own.includes(`${label} Device ${type} IP address 192.168.1.7 Place Local network`), label)
    assert.ok(all.includes(`${label} 192.168.1.7 Local network`), label)
  }
  const { sessions } = (await uma.call('GET', '/api/v1/sessions')).json() as { sessions: SessionView[] }
  const labels = sessions
    .slice(1)
    .reverse()
    .map(({ device: { browser, os } }) => (os === 'Unknown' ? browser : `${browser} on ${os}`))
  assert.deepEqual(
    labels,
    shown.map(([, label]) => (label === 'Unknown device' ? 'Unknown' : label)),
  )
})
