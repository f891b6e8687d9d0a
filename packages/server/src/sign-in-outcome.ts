import type { IntegrationKindName } from './integrations/integration.ts'

/** How somebody signs in, or takes the second step of it. */
export type SignInMethod = 'password' | 'magic_link' | 'passkey' | 'second_step' | IntegrationKindName

/** `choose`, `second-step`: it waits for its person. `outdated`: what it was asked for with changed meanwhile. `limited`: by a limit of sessions. */
export type SignInOutcome = 'signed-in' | 'choose' | 'second-step' | 'outdated' | 'limited' | 'failed'
