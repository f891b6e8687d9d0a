import type { IntegrationKind } from './integration-kind.ts'
import type { IntegrationKindName } from './integration.ts'
import { ip } from './ip.ts'
import { lti } from './lti.ts'
import { referer } from './referer.ts'
import { saml } from './saml.ts'

/** Every way in by somebody else's word, one row a kind. A kind is one file and its row here. */
export const integrationKinds: readonly IntegrationKind[] = [ip, referer, lti, saml]

export function kindOf(name: IntegrationKindName): IntegrationKind | undefined {
  return integrationKinds.find(({ kind }) => kind === name)
}

/** Whether a session that was begun by this method is a known person's, and not that of whoever stood in the right place. */
export function provesPerson(method: string | null): boolean {
  return integrationKinds.find(({ kind }) => kind === method)?.provesPerson ?? true
}
