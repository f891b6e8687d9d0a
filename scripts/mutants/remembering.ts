import type { Mutant } from './mutant.ts'

const source = 'packages/sojourn/src'
const tests = 'packages/sojourn/test'
const restoring = `${tests}/engine/restore.test.ts`
const onStores = [`${tests}/stores/memory.test.ts`, `${tests}/stores/sqlite/contract.test.ts`] as const

/** Refresh tokens that are good too often, too long, or for too much. */
export const rememberingMutants: readonly Mutant[] = [
  {
    name: 'refresh-spent-twice',
    file: `${source}/core/remember.ts`,
    find: `if (refresh.usedAt === null) return 'spent'`,
    replace: `return 'spent'`,
    why: 'a copy of a refresh token would open sessions beside its owner',
    tests: [restoring, ...onStores],
  },
  {
    name: 'refresh-use-not-recorded',
    file: `${source}/stores/restore.ts`,
    find: 'usedAt: at, successor',
    replace: 'usedAt: null, successor',
    why: 'nothing would tell a second use from the first',
    tests: [restoring, ...onStores],
  },
  {
    name: 'family-not-ended',
    file: `${source}/stores/restore.ts`,
    find: 'table.ofFamily(realm, family).map(',
    replace: 'table.ofFamily(realm, family).slice(1, 1).map(',
    why: 'a thief who was caught would stay in',
    tests: [restoring, ...onStores],
  },
  {
    name: 'refresh-grace-longer',
    file: `${source}/core/remember.ts`,
    find: 'at <= refresh.usedAt + grace',
    replace: 'at <= refresh.usedAt + grace + 1',
    why: 'a copy would be answered after the grace period',
    tests: [restoring, `${tests}/model/agreement.isolated.test.ts`],
  },
  {
    name: 'two-generations-in-grace',
    file: `${source}/core/remember.ts`,
    find: `successor.used ? 'late' : 'grace'`,
    replace: `'grace'`,
    why: 'a token two generations old would be answered with a session that is over',
    tests: [...onStores, `${tests}/model/agreement.isolated.test.ts`],
  },
  {
    name: 'refresh-expiry-excluded',
    file: `${source}/core/remember.ts`,
    find: 'at > refresh.expiresAt',
    replace: 'at >= refresh.expiresAt',
    why: 'a remembered device would be forgotten a millisecond early',
    tests: [restoring],
  },
  {
    name: 'revoked-but-restorable',
    file: `${source}/core/over.ts`,
    find: 'mayRestore(reason) ? session.rememberedUntil : null',
    replace: 'mayRestore(reason) || reason !== null ? session.rememberedUntil : null',
    why: 'whoever was signed out by somebody could come back with the refresh token',
    tests: [restoring, ...onStores],
  },
  {
    name: 'ephemeral-remembered',
    file: `${source}/engine/prepare.ts`,
    find: ' || isEphemeral(method)',
    replace: '',
    why: 'a visit that an address or a referring page vouched for would last a month',
    tests: [restoring],
  },
  {
    name: 'guest-remembered',
    file: `${source}/engine/prepare.ts`,
    find: '!remember || subject === undefined ||',
    replace: '!remember ||',
    why: 'a guest would get a refresh token, which opens the session of nobody',
    tests: [restoring],
  },
  {
    name: 'restoration-proves',
    file: `${source}/engine/restore.ts`,
    find: 'assurance: 1,',
    replace: 'assurance: session.assurance,',
    why: 'a cookie would count as the second factor of a month ago',
    tests: [restoring],
  },
  {
    name: 'purge-takes-restorable',
    file: `${source}/stores/retention.ts`,
    find: 'endedAt === null || rememberedUntil !== null',
    replace: 'endedAt === null',
    why: 'a device would be forgotten before its time',
    tests: [`${tests}/stores/memory.test.ts`, restoring],
  },
  {
    name: 'longest-memory-ignored',
    file: `${source}/engine/restore.ts`,
    find: 'Math.min(until, longest)',
    replace: 'until',
    why: 'a device that keeps coming would be remembered for ever',
    tests: [restoring],
  },
]
