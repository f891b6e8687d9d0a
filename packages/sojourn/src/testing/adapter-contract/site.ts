import { Agent } from 'node:http'
import { createSessions, type Sessions, type SessionsOptions } from '../../create-sessions.ts'
import type { Session } from '../../core/session.ts'
import type { Shape } from '../../engine/context.ts'
import { memory } from '../../stores/memory.ts'
import { FakeClock } from '../clock.ts'
import { Browser, type Reply } from './browser.ts'
import { Gate } from './gate.ts'
import { type Route, routesOf } from './routes.ts'
import { StoreUnderTest } from './store-under-test.ts'

/** A server of the framework under test. */
export interface Served {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  close(): Promise<void>
}

/** Serves routes with the adapter under test on a free port of 127.0.0.1. */
export type Serve = (auth: Sessions<Shape>, routes: readonly Route[]) => Promise<Served>

/** Opens a fresh site; it is closed when the test is over. */
export type OpenSite = (options?: Partial<SessionsOptions>) => Promise<Site>

/** Laws by title, each with what must hold. */
export interface Laws {
  readonly [title: string]: (open: OpenSite) => Promise<void>
}

/** A small application behind the adapter under test, and all that a test looks at. */
export class Site {
  readonly auth: Sessions<Shape>
  readonly clock = new FakeClock()
  readonly gate = new Gate()
  readonly store = new StoreUnderTest(memory())
  readonly warnings: string[] = []
  readonly errors: unknown[] = []
  readonly #agent = new Agent({ keepAlive: true })
  #served: Served | undefined

  constructor(options: Partial<SessionsOptions>) {
    this.auth = createSessions<Shape>({
      store: this.store.store,
      clock: this.clock,
      secret: 'a secret of the site under test, long enough',
      sweepEvery: null,
      onWarning: (message) => void this.warnings.push(message),
      onError: (error) => void this.errors.push(error),
      ...options,
    })
  }

  async start(serve: Serve): Promise<void> {
    this.#served = await serve(this.auth, routesOf(this.gate))
  }

  async close(): Promise<void> {
    this.gate.open()
    this.#agent.destroy()
    await this.#served?.close()
    await this.auth.close()
  }

  get url(): string {
    if (this.#served === undefined) throw new Error('the site is not served')
    return this.#served.url
  }

  browser(): Browser {
    return new Browser(this.url, this.#agent)
  }

  /** A browser in which somebody is logged in. */
  async loggedIn(subject = 'u-1'): Promise<Browser> {
    const browser = this.browser()
    await browser.post(`/login?subject=${subject}`)
    return browser
  }

  /** The token in a browser's jar. */
  token(browser: Browser): string {
    return browser.jar.get(this.auth.web.cookie) ?? ''
  }

  /** The `Set-Cookie` headers of a reply that are about the session's token. */
  setBy({ cookies }: Reply): readonly string[] {
    return cookies.filter((cookie) => cookie.startsWith(`${this.auth.web.cookie}=`))
  }

  /** Every session in the store, live or ended. */
  async rows(): Promise<readonly Session[]> {
    return (await this.auth.list({ state: 'any', limit: 1_000 })).items
  }
}
