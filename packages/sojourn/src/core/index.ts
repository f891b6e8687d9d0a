/** The pure core: judge sessions you are given, in a server, a test or a browser. */
export { admit } from './admit.ts'
export { type BrowserKind, browserKind } from './device.ts'
export { decide, type Facts, type Verdict } from './decide.ts'
export { day, type Duration, formatDuration, hour, minute, parseDuration, second } from './duration.ts'
export { type ErrorCode, errorCodes, SessionError } from './errors.ts'
export { explain, type Explanation } from './explain.ts'
export { expandPolicy, layersOf, type PolicyInput, type PolicyScope } from './layers.ts'
export {
  optionNames,
  type Policy,
  type PolicyLayer,
  policyOptions,
  type PolicyValues,
  type ResolvedPolicy,
  resolvePolicy,
  type Source,
} from './policy.ts'
export { type PresetName, presets } from './presets/index.ts'
export { deadlineOf, type EndReason, endReasons, isLive, type RequestFacts, type Session } from './session.ts'
