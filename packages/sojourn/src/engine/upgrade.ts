import { SessionError } from '../core/errors.ts'
import type { Context } from './context.ts'
import { findOne } from './find.ts'
import { prepare, type StartInput } from './prepare.ts'
import { begin, letIn, type Started } from './start.ts'

const tries = 5

/**
 * Turns a guest's session into a subject's at login, in one step: a new session under a new id and token, and the guest's
 * ended as `upgraded`. Its data is the guest's and what was given at login, merged by the rules (`merge`). Where the limit
 * asks the person, the new session waits, with all that the guest had. Where the guest's session is gone, the login starts
 * a session of its own: `undefined` is returned, and nothing was written.
 */
export async function upgrade(
  context: Context,
  id: string,
  input: StartInput & { readonly subject: string },
): Promise<Started | undefined> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const guest = await findOne(context, id)
    if (guest === undefined || guest.session.activatedAt === null) return undefined
    const data = context.merge(guest.data, input.data ?? {})
    const ready = await prepare(context, { ...input, data })
    const { revision } = guest.session
    const { result, prepared, choice } = await letIn(context, input, ready, ({ entry, limit }) =>
      context.call((store) =>
        store.upgrade(id, entry, { ifRevision: revision, ...(limit === undefined ? {} : { limit }) }),
      ),
    )
    if (result.status === 'created') return begin(context, prepared, result.ended, choice)
    if (result.status === 'gone') return undefined
    const { session } = prepared.entry
    if (result.status === 'duplicate')
      context.tell({ type: 'id.duplicated', at: session.createdAt, id: session.id })
  }
  throw new SessionError(
    'revision_conflict',
    `the guest's data changed, or a new id was taken, ${tries} times during the login; try again`,
  )
}
