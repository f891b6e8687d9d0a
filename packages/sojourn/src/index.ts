export { endSentences } from './core/words.ts'
export { createSessions, type Sessions, type SessionsOptions } from './create-sessions.ts'
export { type ErrorCode, errorCodes, SessionError } from './core/errors.ts'
export type { PolicyInput } from './core/layers.ts'
export type { Policy, PolicyLayer, PolicyValues } from './core/policy.ts'
export {
  type AssuranceLevel,
  type Data,
  type EndReason,
  endReasons,
  type Instant,
  type Json,
  type Millis,
  type RequestFacts,
  type Session,
} from './core/session.ts'
export type { Page, Patch, Store } from './core/store.ts'
export type { Clock } from './engine/clock.ts'
export type { Which } from './engine/end.ts'
export type { SessionEvent } from './engine/events.ts'
export type { ListInput } from './engine/list.ts'
export type { Started, StartInput } from './engine/start.ts'
export type { Token } from './engine/token.ts'
export type { Verification } from './engine/verify.ts'
export { dangerouslyAllowInsecureCookies } from './web/options.ts'
export type { FormAnswers, FormOutcome, VisitForm } from './web/form.ts'
export type { FreshLogin } from './web/gate.ts'
export type { LoginInput } from './web/log-in.ts'
export { withVisitorUid } from './web/order-fields.ts'
export type { Visit } from './web/visit.ts'
