import { missing } from '../../test/services/programs.ts'
import { accountChangeMutants } from './account-changes.ts'
import { accountMutants } from './accounts.ts'
import { adminApiMutants } from './admin-api.ts'
import { attackMutants } from './attacks.ts'
import { browserMutants } from './browser.ts'
import { cacheMutants } from './cache.ts'
import { deadlineMutants } from './deadlines.ts'
import { endMutants } from './ends.ts'
import { eventsOutMutants } from './events-out.ts'
import { fileStoreMutants } from './file-store.ts'
import { integrationMutants } from './integrations.ts'
import { judgementMutants } from './judgements.ts'
import { limitMutants } from './limits.ts'
import { ltiMutants } from './lti.ts'
import { mailAndLinksMutants } from './mail-and-links.ts'
import { memcachedStoreMutants } from './memcached-store.ts'
import type { Mutant } from './mutant.ts'
import { leakMutants } from './leaks.ts'
import { observabilityMutants } from './observability.ts'
import { otherBackEndMutants } from './other-back-ends.ts'
import { placeMutants } from './places.ts'
import { realStoreMutants } from './real-stores.ts'
import { rememberingMutants } from './remembering.ts'
import { roundTripMutants } from './round-trips.ts'
import { samlMutants } from './saml.ts'
import { secondFactorMutants } from './second-factors.ts'
import { serverStoreMutants } from './server-stores.ts'
import { settingsMutants } from './settings.ts'
import { tokenMutants } from './tokens.ts'
import { webMutants } from './web.ts'

/** Every fault that a test must find. */
export const mutants: readonly Mutant[] = [
  ...deadlineMutants,
  ...tokenMutants,
  ...rememberingMutants,
  ...limitMutants,
  ...endMutants,
  ...fileStoreMutants,
  ...cacheMutants,
  // Their tests can only find them where the servers are.
  ...(missing('memcached') === false ? memcachedStoreMutants : []),
  ...(missing('postgres') === false && missing('redis') === false ? realStoreMutants : []),
  ...(missing('memcached') === false && missing('redis') === false ? serverStoreMutants : []),
  ...judgementMutants,
  ...webMutants,
  ...browserMutants,
  ...mailAndLinksMutants,
  ...accountChangeMutants,
  ...accountMutants,
  ...settingsMutants,
  ...adminApiMutants,
  ...secondFactorMutants,
  ...integrationMutants,
  ...roundTripMutants,
  ...ltiMutants,
  ...samlMutants,
  ...otherBackEndMutants,
  ...leakMutants,
  ...observabilityMutants,
  ...placeMutants,
  ...eventsOutMutants,
  ...attackMutants,
]
