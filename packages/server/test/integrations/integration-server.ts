import assert from 'node:assert/strict'
import type { TestContext, TestFn } from 'node:test'
import type { Store } from 'sojourn'
import { aServer, type Given, type RunningTest } from '../a-server.ts'
import type { Answer, Ask, Browser } from '../browser.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'

export interface Ground {
  readonly env: { readonly [name: string]: string }
  readonly store: Store
}
export type OpenGround = (t: TestContext) => Promise<Ground>
export type Declare = (name: string, run: TestFn) => void

export const path = '/api/v1/admin/integrations'
export const campus = '192.0.2.7'
export const elsewhere = '198.51.100.9'

export interface Made {
  readonly id: string
  readonly revision: number
}

export interface IntegrationTest extends RunningTest {
  readonly ada: Browser
  /** An integration that administrators have made. */
  make(kind: string, settings: object, more?: object): Promise<Made>
  network(settings?: object): Promise<Made>
  site(settings?: object): Promise<Made>
}

/** A server behind one proxy, which says where each request is from, with a Super Admin. */
export async function anIntegrationServer(
  t: TestContext,
  ground: Partial<Ground> = {},
  { config, ...given }: Given = {},
): Promise<IntegrationTest> {
  const server = await aServer(t, { ...given, ...ground, config: { trustProxy: 1, ...config } })
  const ada = await aSuperAdmin(server)
  const make = async (kind: string, settings: object, more: object = {}): Promise<Made> => {
    const answer = await ada.call('POST', path, { kind, name: 'State Library', settings, ...more })
    assert.equal(answer.status, 201, answer.text)
    return answer.json() as Made
  }
  return {
    ...server,
    ada,
    make,
    network: (settings = {}) => make('ip', { ranges: ['192.0.2.0/24', '2001:db8:7::/48'], ...settings }),
    site: (settings = {}) => make('referer', { pages: ['https://portal.example.edu'], ...settings }),
  }
}

/** As the proxy passes a request on. */
export const from = (address: string): NonNullable<Ask['headers']> => ({ 'x-forwarded-for': address })

/** Presses “Continue as …” there. */
export function enter(
  browser: Browser,
  { id }: Pick<Made, 'id'>,
  address = campus,
  more: { readonly [field: string]: string } = {},
): Promise<Answer> {
  return browser.submit('/login/ip', { integration: id, ...more }, from(address))
}

/** Follows a link of a page of another site. */
export function follow(
  browser: Browser,
  { id }: Pick<Made, 'id'>,
  referer: string,
  headers: Ask['headers'] = {},
): Promise<Answer> {
  return browser.go(`/login/referer/${id}`, {
    ...from(elsewhere),
    referer,
    'sec-fetch-site': 'cross-site',
    ...headers,
  })
}

/** What the server says of whoever holds the browser. */
export async function who(browser: Browser): Promise<{ readonly isIn: boolean; readonly id: string | null }> {
  const answer = await browser.call('GET', '/api/v1/session')
  const { id, subject } = answer.json() as { id: string | null; subject: string | null }
  return { isIn: subject !== null && subject !== undefined, id }
}

/** The record of the session that a browser holds. */
export async function recordOf(server: RunningTest, browser: Browser) {
  const { id } = await who(browser)
  const session = id === null ? undefined : await server.sessions.get(id)
  if (session === undefined) throw new Error('this browser holds no session')
  return session
}
