import type { Session } from '../core/session.ts'
import type { Context } from './context.ts'
import { end } from './end.ts'
import { findOne } from './find.ts'
import { pepperOfRefresh } from './restore.ts'
import { parseToken } from './token.ts'

/**
 * Logs out the device that a refresh token stands for, where no session of it is at hand: all its sessions end, and none
 * can be restored. Returns what it ended. Nothing happens where the token is none, or has expired.
 */
export async function forgetDevice(context: Context, refresh: string): Promise<readonly Session[]> {
  const token = parseToken(refresh, context.policies.base)
  if (token === undefined) return []
  const found = await findOne(context, token.id)
  if (found?.refresh === undefined || context.clock.now() > found.refresh.expiresAt) return []
  if (pepperOfRefresh(context, found, token) === undefined) return []
  const { id, family, subject } = found.session
  return end(context, family === null ? { id } : { family }, 'user_logout', subject ?? undefined)
}
