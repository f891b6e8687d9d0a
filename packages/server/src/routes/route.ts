import type { Described } from '../api/described.ts'
import type { Scope } from '../keys/scopes.ts'
import type { Asked, Parts } from '../parts.ts'

/**
 * Who may reach a route. Everybody else is sent to sign in, or refused. `let-in`: also whoever signed in by a way that does
 * not say who they are, such as a network; all others are for people who are known, since what such visitors share is not
 * theirs to see or to change.
 */
export type Access = 'public' | 'let-in' | 'signed-in' | 'store-admin' | 'super-admin' | 'api-key'

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly access: Access
  /** What a program's key must allow, where `access` is `api-key`. */
  readonly scope?: Scope
  /** What its requests carry; another content type is refused. */
  readonly body?: 'form' | 'json'
  /**
   * Whether a form of another site may be posted here. What such a form brings must prove by itself that it was asked for;
   * no session comes with it.
   */
  readonly crossSite?: true
  /** Whether asking is nobody's activity, whatever the request says of itself. */
  readonly passive?: true
  /** What it takes and gives; every address under `/api/` says so. */
  readonly api?: Described
  readonly handle: (asked: Asked, parts: Parts) => Response | Promise<Response>
}
