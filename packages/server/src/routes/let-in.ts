import type { Account } from '../accounts/account.ts'
import { seeOther } from '../answer.ts'
import { type Beginning, beginSession } from '../begin-session.ts'
import { rememberDevice } from '../device-cookie.ts'
import { limitRefusal } from '../limit-refusals.ts'
import type { Asked, Parts } from '../parts.ts'
import { chooseAt } from './choose.ts'
import { secondStepAt } from './second-step-at.ts'

export interface WayIn {
  readonly account: Account
  readonly how: Beginning
  /** Where to go afterwards: a path that has been checked. */
  readonly back: string | undefined
  /** The answer to somebody whom a limit keeps out. */
  readonly refused: (sentence: string) => Response | Promise<Response>
  /** The answer where the credentials changed while they were looked at. */
  readonly outdated: () => Response | Promise<Response>
}

/** Signs somebody in whose credentials were right, and leads them on. */
export async function letIn(asked: Asked, parts: Parts, way: WayIn): Promise<Response> {
  const { account, how, back, refused, outdated } = way
  try {
    const begun = await beginSession(asked, parts, account, how)
    parts.metrics?.signIn(how.method, begun)
    if (begun === 'outdated') return outdated()
    // Before the second step nobody has shown that the device is theirs.
    if (begun === 'second-step') return seeOther(asked, secondStepAt(back))
    // A device where somebody else vouched has shown nothing of a password, and a shared one is nobody's.
    if (how.integration === undefined) rememberDevice(asked, parts, account.email)
    return seeOther(asked, begun === 'choose' ? chooseAt(back) : (back ?? '/'))
  } catch (error) {
    const refusal = limitRefusal(error)
    if (refusal === undefined) throw error
    parts.metrics?.signIn(how.method, 'limited')
    return refused(refusal)
  }
}
