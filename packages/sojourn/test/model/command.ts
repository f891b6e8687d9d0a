import fc from 'fast-check'
import type { EndReason } from '../../src/core/session.ts'
import { grace, regenerateEvery, retention } from './rules.ts'

/** Which of the sessions or tokens that were handed out so far, counted from the newest; past the oldest it starts anew. */
export type Pick = number

/** What somebody does. */
export type Command =
  | {
      readonly does: 'login'
      readonly subject: string
      readonly method: string
      readonly remember: boolean
      readonly replaces: Pick | null
    }
  | { readonly does: 'visit as a guest' }
  | { readonly does: 'upgrade'; readonly pick: Pick; readonly subject: string; readonly remember: boolean }
  /** `lost`: the answer never arrives, so that nobody has its token. */
  | { readonly does: 'verify'; readonly pick: Pick; readonly passive: boolean; readonly lost: boolean }
  | { readonly does: 'restore'; readonly pick: Pick; readonly lost: boolean }
  | { readonly does: 'add'; readonly pick: Pick; readonly amount: number }
  | { readonly does: 'update'; readonly pick: Pick }
  | { readonly does: 'set'; readonly pick: Pick; readonly key: string }
  | { readonly does: 'keep alive'; readonly pick: Pick }
  | {
      readonly does: 'end'
      /** One session, all of its subject, all but it, or its device's. */
      readonly which: 'one' | 'all' | 'others' | 'family'
      readonly pick: Pick
      readonly reason: EndReason
    }
  | { readonly does: 'void'; readonly aim: { readonly subject?: string; readonly method?: string } }
  | { readonly does: 'sweep'; readonly subject: string | null }
  | { readonly does: 'list'; readonly state: 'live' | 'ended' | 'any'; readonly page: number }
  | { readonly does: 'flush' }
  | { readonly does: 'wait'; readonly millis: number }
  /** Until a moment at which a session is still good, or a millisecond later. */
  | {
      readonly does: 'wait until'
      readonly moment: 'expiry' | 'remembered'
      readonly pick: Pick
      readonly late: 0 | 1
    }

/** Mostly the newest, so that what was just done is met again. */
const pick = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: fc.nat({ max: 9 }) })
const subject = fc.oneof(
  { weight: 9, arbitrary: fc.constant('u') },
  { weight: 4, arbitrary: fc.constantFrom('v', 'once') },
  { weight: 1, arbitrary: fc.constant('closed') },
)
const often = fc.constantFrom(true, true, true, true, false)
const seldom = fc.constantFrom(false, false, false, false, true)

const waits = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1, 999, 1_000, grace, grace + 1, grace + 1) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(regenerateEvery, regenerateEvery + 1, regenerateEvery + 1, 60_000),
  },
  { weight: 1, arbitrary: fc.constant(retention) },
)

const login = fc.record({
  does: fc.constant('login'),
  subject,
  method: fc.constantFrom('password', 'password', 'password', 'password', 'saml'),
  remember: often,
  replaces: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: pick }),
})
const write = fc.oneof(
  fc.record({ does: fc.constant('add'), pick, amount: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ does: fc.constant('update'), pick }),
  fc.record({ does: fc.constant('set'), pick, key: fc.constantFrom('a', 'b') }),
)
const end = fc.record({
  does: fc.constant('end'),
  which: fc.constantFrom('one', 'one', 'all', 'others', 'family'),
  pick,
  reason: fc.constantFrom('user_logout', 'admin_revoked', 'account_disabled'),
})
const mark = fc.record({
  does: fc.constant('void'),
  aim: fc.record(
    { subject: fc.constantFrom('u', 'v', 'once'), method: fc.constant('saml') },
    { requiredKeys: [] },
  ),
})
const list = fc.record({
  does: fc.constant('list'),
  state: fc.constantFrom('live', 'ended', 'any'),
  page: fc.integer({ min: 1, max: 3 }),
})
const waitUntil = fc.record({
  does: fc.constant('wait until'),
  moment: fc.constantFrom('expiry', 'expiry', 'expiry', 'expiry', 'expiry', 'remembered'),
  pick,
  late: fc.constantFrom(0, 1),
})

const kinds: readonly fc.WeightedArbitrary<Command>[] = [
  { weight: 12, arbitrary: login },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('visit as a guest') }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('upgrade'), pick, subject, remember: often }) },
  { weight: 16, arbitrary: fc.record({ does: fc.constant('verify'), pick, passive: seldom, lost: seldom }) },
  { weight: 16, arbitrary: fc.record({ does: fc.constant('restore'), pick, lost: seldom }) },
  { weight: 6, arbitrary: write },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('keep alive'), pick }) },
  { weight: 3, arbitrary: end },
  { weight: 1, arbitrary: mark },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('sweep'), subject: fc.constantFrom(null, 'u') }) },
  { weight: 2, arbitrary: list },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('flush') }) },
  { weight: 10, arbitrary: fc.record({ does: fc.constant('wait'), millis: waits }) },
  { weight: 6, arbitrary: waitUntil },
]

/** Any of them, most often those that make the others mean something. */
export const command: fc.Arbitrary<Command> = fc.noBias(fc.oneof(...kinds))

/** Somebody with a session: what a run begins with. */
export const firstCommand: fc.Arbitrary<Command> = fc.noBias(login)
