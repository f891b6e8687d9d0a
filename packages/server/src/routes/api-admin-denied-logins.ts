import { array, number, strictObject, string, union, literal } from 'valibot'
import { explainLimit } from 'sojourn/core'
import { moment } from '../api/session-schemas.ts'
import { refusalSentence } from '../limit-refusals.ts'
import type { Asked, Parts } from '../parts.ts'
import { effectivePolicy } from '../settings/effective-policy.ts'
import { readStored } from '../settings/stored-settings.ts'
import { namedAccount, noSuchAccount } from './named-account.ts'
import type { Route } from './route.ts'
import { scopeOf } from './settings-place.ts'

const deniedSchema = strictObject({
  /** How many sessions the person may have, and why. */
  limit: union([number(), literal('unlimited')]),
  why: string(),
  denied: array(strictObject({ at: moment, reason: string(), sentence: string() })),
})

export const apiAdminDeniedLoginsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/users/:id/denied-logins',
    access: 'store-admin',
    api: {
      summary: 'The last sign-ins of a person that their limit refused, and the limit that holds now.',
      answers: { 200: deniedSchema },
    },
    handle: tell,
  },
]

async function tell(asked: Asked, parts: Parts): Promise<Response> {
  const account = await namedAccount(asked, parts)
  if (account === undefined) return noSuchAccount(asked)
  const stored = await readStored(parts.database)
  const { resolved } = effectivePolicy(parts.config.policy, stored, await scopeOf(parts, account))
  const { limit, sentence } = explainLimit(resolved)
  const denied = await parts.deniedLogins.of(account.id)
  return asked.json({
    limit,
    why: sentence,
    denied: denied.map(({ at, reason }) => ({ at, reason, sentence: refusalSentence(reason) })),
  })
}
