import type { AssuranceLevel, Instant, Json } from 'sojourn'
import type { Account } from '../accounts/account.ts'
import { refuse } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { refusalSentence } from '../limit-refusals.ts'
import type { Asked, Parts } from '../parts.ts'
import { letIn } from '../routes/let-in.ts'
import { tooMany } from '../routes/too-many.ts'
import { provesPerson } from './integration-kinds.ts'
import type { Person } from './integration-subjects.ts'
import type { Integration } from './integration.ts'
import { refuseVouched } from './refuse-vouched.ts'

/** What an integration has said of somebody, once it was checked that it has. */
export interface Assertion extends Person {
  /** Enabled when it was read. Its kind is the method of the session. */
  readonly integration: Integration
  /** The account, where something else than the integration's word has shown which it is. */
  readonly account?: Account
  /** RFC 8176 references of what was proven there; none if left out. */
  readonly amr?: readonly string[]
  /** Given where all factors were shown there: nobody is asked for a second step then. */
  readonly assurance?: AssuranceLevel
  /** The last moment that the other side allows. */
  readonly endsAt?: Instant
  /** What is kept with the session of how it came about, plain and small. No secret. */
  readonly attributes?: { readonly [name: string]: Json }
}

/** The longest name that an integration may know somebody by. */
const longestId = 512

/**
 * Signs somebody in by an integration's word, and leads them on to `back`, a path that has been checked. The session is for
 * this visit alone, whatever was asked (SLI-05); limits, the choice at a limit, second steps and disabled accounts are as
 * with a password. Its record has the method, its data under `integration` the id and the attributes, and it ends with the
 * integration.
 */
export async function letInByIntegration(
  asked: Asked,
  parts: Parts,
  assertion: Assertion,
  back: string | undefined,
): Promise<Response> {
  const { integration, externalId } = assertion
  const { id, kind } = integration
  const refused = (why: string, text: string, account?: string): Response =>
    refuseVouched(asked, parts, {
      kind,
      why,
      text,
      integration: id,
      ...(account === undefined ? {} : { account }),
    })
  if (externalId !== undefined && !isExternalId(externalId))
    return refused('invalid_name', 'It did not say who you are in a way that reads.')
  const wait = await parts.lockout.arrive(clientAddress(asked, parts))
  if (wait !== undefined) return tooMany(asked, wait)
  const account = assertion.account ?? (await parts.integrationSubjects.findOrCreate(integration, assertion))
  const denied = deniedFor(account, integration)
  if (denied !== undefined) {
    await parts.deniedLogins.note(account.id, denied)
    return refused(denied, refusalSentence(denied), account.id)
  }
  return letIn(asked, parts, {
    account,
    how: {
      method: kind,
      amr: assertion.amr ?? [],
      remember: false,
      integration: id,
      data: { integration: { id, ...assertion.attributes } },
      ...(assertion.assurance === undefined ? {} : { assurance: assertion.assurance }),
      ...(assertion.endsAt === undefined ? {} : { endsAt: assertion.endsAt }),
    },
    back,
    refused: (sentence) => refuse(asked, 403, 'login_refused', sentence),
    outdated: () => refuse(asked, 403, 'login_refused', 'This way in was closed a moment ago.'),
  })
}

/** Where it is not known who stands there, they administer nothing: an address and a Referer are no proof of that. */
function deniedFor(account: Account, { kind }: Integration): string | undefined {
  if (account.disabledAt !== null) return 'account_disabled'
  const administers = account.roles.some((role) => role !== 'user')
  return administers && !provesPerson(kind) ? 'not_for_administrators' : undefined
}

/** Compared whole and kept as it is: a NUL does not fit into PostgreSQL, and half a surrogate pair into nothing. */
export function isExternalId(text: string): boolean {
  return text !== '' && text.length <= longestId && text.isWellFormed() && !/\p{Cc}/u.test(text)
}
