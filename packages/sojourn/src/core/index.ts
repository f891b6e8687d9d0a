/** The pure core: judge sessions you are given, in a server, a test or a browser. */
export { type Activity, type ActivityInput, type ActivityKind, activityKinds } from './activities.ts'
export { type ActivityClass, activityOf, type ActivityRule, type RequestSigns } from './activity.ts'
export { admit, type Admission } from './admit.ts'
export { challengeOf, type Freshness, type FreshnessAnswer, requireFresh } from './assurance.ts'
export { type Credential, type CredentialChange, endsAtChange } from './credential-change.ts'
export { type BrowserKind, browserKind } from './device.ts'
export { decide, type Facts, type Verdict } from './decide.ts'
export { day, type Duration, formatDuration, hour, minute, parseDuration, second } from './duration.ts'
export { type ErrorCode, errorCodes, SessionError } from './errors.ts'
export { explainLimit, type LimitExplanation } from './explain-limit.ts'
export { explain, type Explanation } from './explain.ts'
export { draftFor, draftOf, type FormAnswer, type FormDraft } from './form-draft.ts'
export {
  dangerouslyAllowLongForms,
  formAfter,
  formDeadline,
  type FormState,
  type FormSubmit,
  type FormVerdict,
  judgeForm,
  readFormState,
} from './form.ts'
export {
  type ImpersonationTarget,
  type ImpersonationVerdict,
  judgeImpersonation,
  mayChangeCredentials,
} from './impersonation.ts'
export { expandPolicy, layersOf, type PolicyInput, type PolicyScope } from './layers.ts'
export { mergeData, type Merge, type MergeFallback, type MergeRule, type MergeRules } from './merge.ts'
export { type Choice } from './pending-login.ts'
export {
  optionNames,
  type Policy,
  type PolicyDangers,
  type PolicyLayer,
  policyOptions,
  type PolicyValues,
  type ResolvedPolicy,
  resolvePolicy,
  type Source,
} from './policy.ts'
export { type PresetName, presets } from './presets/index.ts'
export {
  deadlineOf,
  type EndReason,
  endReasons,
  isLive,
  isRestorable,
  type RequestFacts,
  type Session,
} from './session.ts'
export { type Affected, simulate, type SimulateOptions, type Simulation } from './simulate.ts'
export { linkedExpiry } from './tree.ts'
export { type Visitor } from './visitor.ts'
export { policyWarnings } from './warnings.ts'
export { endSentences, formSentences } from './words.ts'
