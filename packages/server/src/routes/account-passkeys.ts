import { maxLength, pipe, regex, safeParse, string, trim } from 'valibot'
import { refuse } from '../answer.ts'
import { deviceOf } from '../devices.ts'
import { factorWasAdded, factorWasRemoved } from '../factors/change-factors.ts'
import { proofByPasskey } from '../factors/factor-proof.ts'
import { type Registrant, registerPasskey, registrationOptions } from '../factors/passkey-registration.ts'
import { mostPasskeys } from '../factors/passkeys.ts'
import { readForm } from '../form.ts'
import type { Asked, Parts } from '../parts.ts'
import { showSecurity } from './account-security.ts'
import { afterAdding, afterChange } from './after-factor-change.ts'
import { refuseFactorChange } from './factor-change.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

const path = '/account/security/passkeys'
const back = '/account/security'

/** Registering a passkey by the page's script, and removing one. */
export const accountPasskeysRoutes: readonly Route[] = [
  { method: 'POST', path: `${path}/options`, access: 'signed-in', body: 'json', handle: giveOptions },
  { method: 'POST', path, access: 'signed-in', body: 'form', handle: add },
  { method: 'POST', path: `${path}/:id/remove`, access: 'signed-in', body: 'form', handle: remove },
]

const passkeyName = pipe(string(), trim(), maxLength(60), regex(/^\P{Cc}*$/u))

const notGood =
  'The passkey was not added: the answer of the browser was not good, or took too long. Try again.'

async function giveOptions(asked: Asked, parts: Parts): Promise<Response> {
  const refused = await refuseFactorChange(asked, parts, back)
  return refused ?? asked.json(await registrationOptions(parts, registrantOf(asked)))
}

async function add(asked: Asked, parts: Parts): Promise<Response> {
  const refused = await refuseFactorChange(asked, parts, back)
  if (refused !== undefined) return refused
  const { log } = parts
  const registrant = registrantOf(asked)
  const { account } = registrant
  const field = await readForm(asked)
  const read = safeParse(passkeyName, field('name'))
  if (!read.success)
    return showSecurity(asked, parts, error('Expected a name of at most 60 characters.'), 400)
  const name = read.output === '' ? deviceOf(asked.req.header('user-agent') ?? null).label : read.output
  const registered = await registerPasskey(parts, registrant, field('response'), name)
  switch (registered.state) {
    case 'refused':
      log.info(
        { event: 'passkey.refused', account: account.id, why: registered.why },
        'a passkey was refused',
      )
      return showSecurity(asked, parts, error(notGood), 400)
    case 'too_many':
      return showSecurity(asked, parts, error(`An account has at most ${mostPasskeys} passkeys.`), 409)
    case 'added': {
      const proof = proofByPasskey(asked.var.session.session?.amr ?? [], registered)
      return afterAdding(
        asked,
        await factorWasAdded(asked, parts, account, 'passkey', proof),
        'passkey-added',
      )
    }
  }
}

async function remove(asked: Asked, parts: Parts): Promise<Response> {
  const refused = await refuseFactorChange(asked, parts, back)
  if (refused !== undefined) return refused
  const { factors, mailer } = parts
  const account = signedIn(asked)
  // Where links can be sent, one of them opens the account.
  const isSpare = mailer !== undefined
  switch (await factors.passkeys.remove(account.id, asked.req.param('id') ?? '', isSpare)) {
    case 'none':
      return refuse(asked, 404, 'not_found', 'You have no such passkey.')
    case 'last':
      return showSecurity(
        asked,
        parts,
        error('This passkey is your only way to sign in. Set a password first.'),
        409,
      )
    case 'removed':
      return afterChange(asked, await factorWasRemoved(asked, parts, account, 'passkey'), 'passkey-removed')
  }
}

function registrantOf(asked: Asked): Registrant {
  return { account: signedIn(asked), session: asked.var.session.id ?? '' }
}

function error(text: string) {
  return { kind: 'error', text } as const
}
