import { frameOf, pageAnswer, refuse } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { devMail } from '../pages/dev-mail.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

export const devMailRoutes: readonly Route[] = [
  { method: 'GET', path: '/dev/mail', access: 'public', handle: show },
]

/** What a demo has sent. Whoever reads it owns its accounts: it is for whoever sits at the machine alone. */
function show(asked: Asked, parts: Parts): Response {
  const { mailbox, config } = parts
  if (mailbox === undefined || !isLocal(asked, parts))
    return refuse(asked, 404, 'not_found', 'There is nothing at this address.')
  return pageAnswer(asked, devMail({ ...frameOf(asked), letters: mailbox.letters, url: config.url }))
}

const names = new Set(['localhost', '127.0.0.1', '[::1]'])
const addresses = /^(?:(?:::ffff:)?127\.\d+\.\d+\.\d+|::1)$/i

/**
 * From this machine, by its own name, and not by way of a proxy that stands on it. The name too, since a page elsewhere can have
 * its own name lead here and would be let read what is shown under it.
 */
function isLocal(asked: Asked, parts: Parts): boolean {
  const { req } = asked
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    (name) => req.header(name) !== undefined,
  )
  const host = `http://${req.header('host') ?? ''}`
  const isNamed = URL.canParse(host) && names.has(new URL(host).hostname)
  return isNamed && !isForwarded && addresses.test(clientAddress(asked, parts) ?? '')
}
