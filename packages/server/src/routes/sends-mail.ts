import { refuse } from '../answer.ts'
import type { Asked, Parts } from '../parts.ts'

/** 404 on a server that sends no mail: nothing there leads to a link. */
export function refuseWithoutMail(asked: Asked, { mailer }: Parts): Response | undefined {
  return mailer === undefined ? refuse(asked, 404, 'not_found', 'This server sends no mail.') : undefined
}
