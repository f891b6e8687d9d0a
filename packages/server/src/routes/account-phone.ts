import { safeParse } from 'valibot'
import { phoneNumber } from '../accounts/new-account.ts'
import { frameOf, pageAnswer } from '../answer.ts'
import { readForm } from '../form.ts'
import { changePhone } from '../pages/account-forms.ts'
import type { Asked, Parts } from '../parts.ts'
import { leadOnAfter } from './changed.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

const path = '/account/phone'

export const accountPhoneRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: 'signed-in',
    handle: (asked, parts) => page(asked, parts, signedIn(asked).phone ?? ''),
  },
  { method: 'POST', path, access: 'signed-in', body: 'form', handle: save },
]

async function save(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const account = signedIn(asked)
  const written = (await readForm(asked))('phone')
  const read = safeParse(phoneNumber, written)
  if (!read.success) return page(asked, parts, written, read.issues[0].message)
  await parts.accounts.setPhone(account.id, read.output === '' ? null : read.output)
  return leadOnAfter(asked, parts, account, 'phone')
}

function page(asked: Asked, parts: Parts, phone: string, error?: string): Response {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const markup = changePhone({ ...frameOf(asked), phone, error })
  return pageAnswer(asked, markup, error === undefined ? 200 : 400)
}
