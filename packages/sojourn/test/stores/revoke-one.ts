import type { Store } from '../../src/core/store.ts'
import { sessionId, subjectOf, waysToRevoke } from './verifying-report.ts'

/** Revokes the session of a number, in one of the ways there are; each has a subject of its own. */
export async function revokeOne(store: Store, index: number): Promise<void> {
  const end = { at: Date.now(), reason: 'admin_revoked' } as const
  const subject = { realm: 'main', subject: subjectOf(index) }
  const way = waysToRevoke[index % waysToRevoke.length]
  if (way === 'watermark') await store.voidBefore(subject, end)
  else await store.end(way === 'subject' ? subject : { realm: 'main', id: sessionId(index) }, end)
}
