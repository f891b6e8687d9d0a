import { withSessions } from '../../src/adapters/fetch.ts'
import { type SessionEnd, SessionWatch, type WatchView } from '../../src/client/watch.ts'
import type { TabMessage } from '../../src/client/tabs.ts'
import type { PolicyInput } from '../../src/core/layers.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { minute, start } from '../../src/testing/fixtures.ts'
import { sessionStatus } from '../../src/web/status.ts'

export interface Tab {
  readonly watch: SessionWatch
  readonly views: WatchView[]
  readonly ends: SessionEnd[]
  readonly view: WatchView
}

/** How a computer differs from a good one: its clock, its network. */
export interface Faults {
  /** How far its clock is ahead of the server's. */
  skew?: number
  isOffline?: boolean
  /** What the server answers instead of serving. */
  status?: number
}

/** A real server, and one computer with its cookies, its clock and its tabs. Time passes for both. */
export function aComputer(policy: PolicyInput = { idleTimeout: '60m', touchEvery: '0s' }) {
  const clock = new FakeClock(start)
  const auth = createSessions({ store: memory(), clock, policy, sweepEvery: null, onWarning: () => {} })
  const cookies = new Map<string, string>()
  const faults: Faults = { skew: 0 }
  const asked: string[] = []
  const channels = new Set<(message: TabMessage) => void>()
  let asleep: (() => void)[] | undefined
  let slept = 0

  const serve = withSessions(auth, async (request, visit) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/login')
      await visit.login(searchParams.get('as') ?? 'u-1', { remember: searchParams.has('remember') })
    if (pathname === '/logout') await visit.logout()
    if (pathname === '/keep-alive' && !visit.isLoggedIn)
      return Response.json(
        { error: 'inactive_session', reason: visit.refusalReason },
        { status: 401, headers: { 'content-type': 'application/problem+json' } },
      )
    return Response.json(sessionStatus(visit, auth.now()))
  })

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    asked.push(path)
    if (faults.isOffline === true) throw new TypeError('offline')
    if (faults.status !== undefined) return new Response('', { status: faults.status })
    const headers = new Headers(init.headers)
    headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    headers.set('sec-fetch-site', 'same-origin')
    const answer = await serve(new Request(new URL(path, 'https://app.example'), { ...init, headers }))
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
      if (line.includes('Max-Age=0')) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }

  const here = {
    now: () => clock.now() + (faults.skew ?? 0),
    after: (delay: number, run: () => void) =>
      clock.after(delay, () => (asleep === undefined ? run() : void asleep.push(run))),
  }

  /** A page is loaded, which is activity, and its script runs. */
  async function open(subject = 'u-1', path = '/page'): Promise<Tab> {
    const status = (await (await request(path)).json()) as ReturnType<typeof sessionStatus>
    const views: WatchView[] = []
    const ends: SessionEnd[] = []
    const isRemembered = status.remembered_until !== null
    const idle = isRemembered ? null : status.idle_expires_at
    const absolute = isRemembered ? null : status.absolute_expires_at
    const watch = new SessionWatch(
      { expiry: { idle, absolute, now: status.now }, at: here.now() },
      {
        subject,
        statusPath: 'https://app.example/session',
        keepAlivePath: 'https://app.example/keep-alive',
        warnBefore: 2 * minute,
      },
      {
        async fetch(input, init) {
          const asRequest = new Request(input, init)
          const { pathname } = new URL(asRequest.url)
          const body = asRequest.method === 'POST' ? { body: await asRequest.text() } : {}
          return request(pathname, { method: asRequest.method, headers: asRequest.headers, ...body })
        },
        clock: here,
        steady: () => clock.now() - slept,
        openChannel(hear) {
          const post = (message: TabMessage): void => {
            for (const other of channels) if (other !== hear) queueMicrotask(() => other(message))
          }
          channels.add(hear)
          return { post, close: () => void channels.delete(hear) }
        },
        onChange: (view) => views.push(view),
        onEnd: (end) => ends.push(end),
      },
    )
    await settle()
    return {
      watch,
      views,
      ends,
      get view() {
        return watch.view
      },
    }
  }

  /** Time passes, and whatever waits for an answer gets it in between. */
  async function pass(millis: number): Promise<void> {
    const until = clock.now() + millis
    while (clock.now() < until) {
      clock.advance(Math.min(1_000, until - clock.now()))
      await settle()
    }
  }

  /** Its lid is closed for a while: no timer runs, and those that were due run when it is opened. */
  async function sleep(millis: number): Promise<void> {
    asleep = []
    await pass(millis)
    slept += millis
    const due = asleep
    asleep = undefined
    for (const run of due) run()
    await settle()
  }

  return { auth, clock, cookies, faults, asked, request, open, pass, sleep }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
}
