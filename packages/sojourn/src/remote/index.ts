/** Asks a Sojourn server who is there, for back ends in Node. No dependency; time and `fetch` may be handed in. */
export { createSojournClient, type SojournClient } from './client.ts'
export type { IntrospectInput, Introspection } from './introspection.ts'
export type { SojournClientOptions } from './options.ts'
export { RemoteError, type RemoteErrorCode } from './remote-error.ts'
export type { RequestHeaders, VerifiedRequest, VerifyInput } from './verified-request.ts'
