import { createEngine, type Engine } from './engine/index.ts'
import type { EngineOptions, Shape } from './engine/context.ts'
import { type WebOptions, type WebSettings, webSettings } from './web/options.ts'
import { refuseUnknownOptions } from './web/refuse-unknown-options.ts'

export interface SessionsOptions<D extends object = Shape> extends EngineOptions<D>, WebOptions {}

/** An engine with its web settings: what adapters take. `D` is what the application keeps in a session, by key. */
export interface Sessions<D extends object> extends Engine {
  readonly web: WebSettings
  /** Carries the type of the data; never set. */
  readonly $data?: D
}

/**
 * Sessions over a store, under a policy. Whatever does not fit together is refused here, with its key path, and not at
 * somebody's login.
 */
export function createSessions<D extends object = Shape>(options: SessionsOptions<D>): Sessions<D> {
  refuseUnknownOptions(options)
  const engine = createEngine(options)
  // Not spread: its policy may change.
  return Object.assign(engine, { web: webSettings(engine, options) })
}
