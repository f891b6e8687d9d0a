import { type ActivityClass, activityOf, type ActivityRule } from '../core/activity.ts'
import type { Exchange } from './exchange.ts'

/** What a request is to a session, by the application's rules and by what the client says of it. */
export function activityIn(exchange: Exchange, rules: readonly ActivityRule[]): ActivityClass {
  return activityOf(
    {
      method: exchange.method,
      // Only rules look at it.
      path: rules.length === 0 ? '/' : new URL(exchange.url).pathname,
      destination: exchange.header('sec-fetch-dest'),
      mode: exchange.header('sec-fetch-mode'),
      purpose: exchange.header('sec-purpose'),
      said: exchange.header('x-session-activity'),
    },
    rules,
  )
}
