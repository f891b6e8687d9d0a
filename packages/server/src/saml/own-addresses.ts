import type { Integration } from '../integrations/integration.ts'
import { samlPath } from '../integrations/saml.ts'

/** What this server is to an identity provider: another one to each, so that what one says is good at its own address alone. */
export interface OwnAddresses {
  /** The address of the metadata: the `entityID` and the audience. */
  readonly entityId: string
  /** Where assertions are sent. */
  readonly acs: string
}

export function ownAddresses({ id }: Pick<Integration, 'id'>, origin: string): OwnAddresses {
  return { entityId: origin + samlPath(id, '/metadata'), acs: origin + samlPath(id, '/acs') }
}
