export { endSentences } from './core/words.ts'
export { createSessions, type Sessions, type SessionsOptions } from './create-sessions.ts'
export { type ErrorCode, errorCodes, SessionError } from './core/errors.ts'
export type { Activity, ActivityInput } from './core/activities.ts'
export type { Proof } from './core/elevate.ts'
export type { LimitExplanation } from './core/explain-limit.ts'
export { dangerouslyAllowLongForms } from './core/form.ts'
export type { PolicyInput } from './core/layers.ts'
export type { Merge, MergeRule, MergeRules } from './core/merge.ts'
export type { Choice } from './core/pending-login.ts'
export type { Policy, PolicyLayer, PolicyValues } from './core/policy.ts'
export type { Refresh } from './core/remember.ts'
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
export type { Simulation } from './core/simulate.ts'
export type {
  Awaitable,
  Change,
  Changes,
  CreateOptions,
  CreateResult,
  Elevation,
  End,
  Filter,
  FindOptions,
  Found,
  Law,
  Limit,
  ListQuery,
  NewSession,
  Page,
  Patch,
  RestoreOptions,
  RestoreResult,
  Store,
  SweepOptions,
  SweepResult,
  TouchEntry,
  UpgradeOptions,
  UpgradeResult,
  Watermark,
  WatermarkScope,
  WriteOptions,
  WriteResult,
} from './core/store.ts'
export type { ActivateInput } from './engine/activate.ts'
export type { Applied, ApplyInput } from './engine/apply-policy.ts'
export type { Choosing } from './engine/choose.ts'
export type { Clock } from './engine/clock.ts'
export type { CredentialChanged, CredentialInput } from './engine/credential-changed.ts'
export type { Which } from './engine/end.ts'
export type { Listener, SessionEvent } from './engine/events.ts'
export type { ImpersonateInput, Impersonation } from './engine/impersonate.ts'
export type { ListInput } from './engine/list.ts'
export type { Renewed } from './engine/renew.ts'
export type { Restoration } from './engine/restore.ts'
export type { Started, StartInput } from './engine/start.ts'
export type { Swept } from './engine/sweep.ts'
export type { Token } from './engine/token.ts'
export type { Verification } from './engine/verify.ts'
export { dangerouslyAllowInsecureCookies } from './web/options.ts'
export type { FormAnswers, FormOutcome, VisitForm } from './web/form.ts'
export type { FreshLogin } from './web/gate.ts'
export type { LoginInput } from './web/log-in.ts'
export { withVisitorUid } from './web/order-fields.ts'
export type { Visit } from './web/visit.ts'
