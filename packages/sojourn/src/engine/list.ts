import { invalidOption } from '../core/errors.ts'
import type { EndReason } from '../core/session.ts'
import type { Awaitable, ListQuery, Page } from '../core/store.ts'
import type { Context } from './context.ts'
import { refuseUndefined, type Which } from './end.ts'

export interface ListInput extends Which {
  /** `live` if left out. */
  readonly state?: ListQuery['state']
  readonly reason?: EndReason
  /** 1 to 1,000; 50 if left out. */
  readonly limit?: number
  readonly cursor?: string
}

/** One page of sessions, newest first: public ids, devices, moments, reasons; never a token. */
export function list(context: Context, input: ListInput = {}): Awaitable<Page> {
  refuseUndefined(input, 'list')
  const { limit = 50, state = 'live' } = input
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000)
    throw invalidOption('limit', 'a whole number from 1 to 1000', limit)
  const query = { ...input, limit, state, realm: context.realm, at: context.clock.now() }
  return context.call((store) => store.list(query))
}
