import { SessionError } from '../core/errors.ts'
import { type Choice, choiceOf } from '../core/pending-login.ts'
import type { Policy } from '../core/policy.ts'
import { touchEveryOf } from '../core/rules/idle-timeout.ts'
import type { Data, Session } from '../core/session.ts'
import type { Awaitable, UpgradeResult } from '../core/store.ts'
import { asWaiting, waitingOf } from './as-waiting.ts'
import { type Context, tellEnded } from './context.ts'
import { endWithParent } from './parent.ts'
import { prepare, type Prepared, refuse, type StartInput } from './prepare.ts'
import type { Token } from './token.ts'
import { dataOfWaiting } from './waiting.ts'

export type { StartInput } from './prepare.ts'

export interface Started {
  /** Where its `activatedAt` is `null`, the login waits: the session is good for nothing yet, and verifies as `pending`. */
  readonly session: Session
  /** For the client alone. */
  readonly token: Token
  /** The refresh token of a remembered device, for the client alone; else `null`. */
  readonly refresh: Token | null
  readonly policy: Policy
  readonly data: Data
  /** What ended in the same step: the replaced, the evicted. */
  readonly ended: readonly Session[]
  /** What the person is asked where the limit has refused the login under `ask-user`; else `null`. See `choose`. */
  readonly choice: Choice | null
}

/** Tries that are made when the random source gives an id that is taken. One is already a sign that it is broken. */
const tries = 3

/**
 * Starts a session and returns its token. Throws `login_disabled_by_limit` where the subject's limit is 0, and
 * `login_refused_by_limit` where the limit refuses; neither writes anything, and neither is a failed password. Where the
 * limit asks the person, the session waits for `choose`. Throws `session_gone` where its `parent` is not live.
 */
export function start(context: Context, input: StartInput): Promise<Started> {
  return create(context, input, () => prepare(context, input))
}

/** Inserts what `make` has made; anew, where its id is taken. */
export async function create(
  context: Context,
  input: Pick<StartInput, 'remember' | 'endsAt' | 'pending' | 'replaces'>,
  make: () => Promise<Prepared>,
): Promise<Started> {
  const { replaces } = input
  for (let attempt = 1; ; attempt++) {
    const { result, prepared, choice } = await letIn(context, input, await make(), ({ entry, limit }) =>
      context.call((store) =>
        store.create(entry, {
          ...(limit === undefined ? {} : { limit }),
          ...(replaces === undefined ? {} : { replaces }),
        }),
      ),
    )
    if (result.status === 'created') return begin(context, prepared, result.ended, choice)
    const { id, createdAt } = prepared.entry.session
    context.tell({ type: 'id.duplicated', at: createdAt, id })
    if (attempt === tries)
      throw new SessionError(
        'store_unavailable',
        `${tries} new ids in a row were taken: the source of randomness is broken`,
      )
  }
}

/**
 * Writes a login, or the first of its steps. Where the limit refuses it, it is refused to the person, or it waits until
 * they have chosen a session to end: the store has then written and evicted nothing.
 */
export async function letIn<Result extends UpgradeResult>(
  context: Context,
  input: Pick<StartInput, 'remember' | 'endsAt' | 'pending'>,
  ready: Prepared,
  write: (prepared: Prepared) => Awaitable<Result>,
): Promise<{
  readonly result: Exclude<Result, { readonly status: 'refused' }>
  readonly prepared: Prepared
  readonly choice: Choice | null
}> {
  const how = waitingOf(input)
  const first = input.pending === true ? asWaiting(ready, how) : ready
  const result = await write(first)
  if (isAnswer(result)) return { result, prepared: first, choice: null }
  const { entry, limit, ask } = ready
  const { subject } = entry.session
  if (ask === undefined || limit === undefined) throw refuse(context, subject, 'login_refused_by_limit')
  const asked = asWaiting(ready, { ...how, choose: true })
  const answer = await write(asked)
  if (!isAnswer(answer)) throw refuse(context, subject, 'login_refused_by_limit')
  return { result: answer, prepared: asked, choice: choiceOf(limit, live(result)) }
}

function isAnswer<Result extends UpgradeResult>(
  result: Result,
): result is Exclude<Result, { readonly status: 'refused' }> {
  return result.status !== 'refused'
}

function live(result: UpgradeResult): readonly Session[] {
  return result.status === 'refused' ? result.live : []
}

/**
 * Tells of a session that the store has let in and of what it has ended for it, and follows its activity. Throws
 * `session_gone` where its parent has ended meanwhile; the session has ended with it then.
 */
export async function begin(
  context: Context,
  { entry, token, refresh, policy }: Prepared,
  ended: readonly Session[],
  choice: Choice | null = null,
  type: 'session.started' | 'session.activated' = 'session.started',
): Promise<Started> {
  const { session } = entry
  const at = session.lastSeenAt
  if (session.activatedAt !== null) follow(context, session, policy)
  if (type === 'session.started' || session.activatedAt !== null) context.tell({ type, at, session })
  tellEnded(context, ended, at)
  if (session.parent !== null) await endWithParent(context, session, session.parent)
  return { session, token, refresh, policy, data: dataOfWaiting(entry.data), ended, choice }
}

function follow({ touches }: Context, session: Session, policy: Policy): void {
  const { id, lastSeenAt, lag } = session
  const every = touchEveryOf(session, policy)
  if (every !== null) touches.note(id, lastSeenAt, lastSeenAt + lag, every)
}
