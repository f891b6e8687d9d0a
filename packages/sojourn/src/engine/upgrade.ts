import { SessionError } from '../core/errors.ts'
import type { Found } from '../core/store.ts'
import { type Context, tellEnded } from './context.ts'
import { began, prepare, refuse, type Started, type StartInput } from './start.ts'

const tries = 5

/**
 * Turns a guest's session into a subject's at login, in one step: a new session under a new id and token that holds the
 * guest's data, and the guest's ended as `upgraded`. Data given at login prevails over the guest's by key. Where the
 * guest's session is gone, the login starts a session of its own: `undefined` is returned, and nothing was written.
 */
export async function upgrade(
  context: Context,
  id: string,
  input: StartInput & { readonly subject: string },
): Promise<Started | undefined> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const guest: Found | undefined = await context.call((store) => store.find(id))
    if (guest === undefined || guest.session.realm !== context.realm) return undefined
    const { entry, token, refresh, policy, limit } = await prepare(context, {
      ...input,
      data: { ...guest.data, ...input.data },
    })
    const options = { ifRevision: guest.session.revision, ...(limit === undefined ? {} : { limit }) }
    const result = await context.call((store) => store.upgrade(id, entry, options))
    if (result.status === 'gone') return undefined
    if (result.status === 'refused') throw refuse(context, input, 'login_refused_by_limit')
    if (result.status === 'duplicate')
      context.tell({ type: 'id.duplicated', at: entry.session.createdAt, id: entry.session.id })
    if (result.status !== 'created') continue
    began(context, entry.session, policy)
    tellEnded(context, result.ended, entry.session.createdAt)
    return { session: entry.session, token, refresh, policy, data: entry.data, ended: result.ended }
  }
  throw new SessionError(
    'revision_conflict',
    `the guest's data changed, or a new id was taken, ${tries} times during the login; try again`,
  )
}
