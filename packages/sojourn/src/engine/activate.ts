import { elevate } from '../core/elevate.ts'
import { invalidOption, SessionError } from '../core/errors.ts'
import { frozenSession } from '../core/frozen.ts'
import type { Policy } from '../core/policy.ts'
import type { AssuranceLevel, Session } from '../core/session.ts'
import { earlier } from '../core/tree.ts'
import type { Context } from './context.ts'
import { findLive } from './find.ts'
import { prepare, type Prepared, type StartInput } from './prepare.ts'
import { begin, letIn, type Started } from './start.ts'
import { dataOfWaiting, type Waiting, waitingIn } from './waiting.ts'

/** What the last step of a login adds to what its first steps have shown; its `assurance` counts with the `amr` that gave it. */
export type ActivateInput = Omit<StartInput, 'pending' | 'replaces' | 'parent' | 'endsAt'>

const tries = 5

/**
 * Completes a login of several steps: the session that was started with `pending` becomes its subject's in place, under a
 * new token. The limit is judged now, after the last step. Where it asks the person, the session goes on waiting, under a
 * new token, for `choose`. `undefined`: no login of this id waits for a step; nothing was written. Throws as `start` does,
 * and `invalid_option` where the first step was another subject's.
 */
export async function activate(
  context: Context,
  id: string,
  input: ActivateInput = {},
): Promise<Started | undefined> {
  return complete(context, id, input, ({ choose }) => !choose)
}

/** The same for a login that waits as `mayBe` wants it. */
export async function complete(
  context: Context,
  id: string,
  input: ActivateInput,
  mayBe: (how: Waiting) => boolean,
): Promise<Started | undefined> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const live = await findLive(context, id)
    const how = live && waitingIn(live.found)
    if (live === undefined || how === undefined || !mayBe(how)) return undefined
    const { session: before, data } = live.found
    const whole = { ...stepsOf(before, how), ...input, ...subjectOf(before, input) }
    const merged = context.merge(dataOfWaiting(data), input.data ?? {})
    const ready = activated(await prepare(context, { ...whole, data: merged }, id), before, input)
    const { result, prepared, choice } = await letIn(context, whole, ready, ({ entry, limit }) =>
      context.call((store) =>
        store.upgrade(id, entry, {
          ifRevision: before.revision,
          ...(limit === undefined ? {} : { limit }),
        }),
      ),
    )
    if (result.status === 'created')
      return begin(context, prepared, result.ended, choice, 'session.activated')
    if (result.status === 'gone') return undefined
  }
  throw new SessionError(
    'revision_conflict',
    `the data of session ${id} changed ${tries} times while its login was completed; try again`,
  )
}

/** A login that was begun for one subject is never completed for another. */
function subjectOf({ subject }: Session, input: ActivateInput): { readonly subject: string } {
  if (subject !== null && input.subject !== undefined && input.subject !== subject)
    throw invalidOption('subject', 'the one whose login was begun', {})
  const known = subject ?? input.subject
  if (known === undefined) throw invalidOption('subject', 'a text of 1 to 256 characters', known)
  return { subject: known }
}

/** The login as its first steps have shown it. */
export function stepsOf(session: Session, { remember, endsAt }: Waiting): StartInput {
  const { app, roles, method, parent, ip, userAgent } = session
  return {
    roles,
    remember,
    request: { ip, userAgent },
    ...(app === null ? {} : { app }),
    ...(method === null ? {} : { method }),
    ...(parent === null ? {} : { parent }),
    ...(endsAt === null ? {} : { endsAt }),
  }
}

/** The same record, from its beginning on: what was proven in an earlier step was proven then. */
function activated(prepared: Prepared, before: Session, input: ActivateInput): Prepared {
  const { entry, policy } = prepared
  const { session } = entry
  const proven = before.subject === null ? {} : provenBefore(before, session, policy, input)
  const lasting = { createdAt: before.createdAt, revision: before.revision + 1 }
  return { ...prepared, entry: { ...entry, session: frozenSession({ ...session, ...lasting, ...proven }) } }
}

function provenBefore(
  before: Session,
  session: Session,
  policy: Policy,
  { amr, assurance = before.assurance }: { amr?: readonly string[]; assurance?: AssuranceLevel },
): Partial<Session> {
  const at = session.lastSeenAt
  if (amr !== undefined) {
    const { expiresAt: _bound, ...proof } = elevate(before, { amr, assurance }, policy, at)
    return proof
  }
  const { authenticatedAt, factors } = before
  const since = authenticatedAt ?? at
  const own = policy.absoluteTimeout === null ? null : since + policy.absoluteTimeout
  return {
    authenticatedAt,
    factors,
    amr: before.amr,
    assurance: before.assurance,
    expiresAt: earlier(own, session.expiresAt),
  }
}
