import type { Mutant } from './mutant.ts'

const source = 'packages/sojourn/src'
const tests = 'packages/sojourn/test'
const onStores = [`${tests}/stores/memory.test.ts`, `${tests}/stores/sqlite/contract.test.ts`] as const

/** Ends that do not last, reach too far or not far enough, and writes that undo them. */
export const endMutants: readonly Mutant[] = [
  {
    name: 'first-reason-overwritten',
    file: `${source}/stores/end-trees.ts`,
    find: 'const after = before.endedAt === null ? table.end(standing, end) : before',
    replace: 'const after = table.end(standing, end)',
    why: 'whoever comes last would say why a session ended',
    tests: [...onStores, `${tests}/model/interleaving.isolated.test.ts`],
  },
  {
    name: 'end-told-twice',
    file: `${source}/stores/end-trees.ts`,
    find: 'if (before.endedAt === null) ended.push(session)',
    replace: 'ended.push(session)',
    why: 'one end would be counted, mailed and logged twice',
    tests: [...onStores, `${tests}/model/agreement.isolated.test.ts`],
  },
  {
    name: 'no-cascade',
    file: `${source}/stores/end-trees.ts`,
    find: 'while (level.size > 0)',
    replace: 'while (level.size > 0 && tops.length === 0)',
    why: 'what stands on a session would outlive it',
    tests: onStores,
  },
  {
    name: 'spared-session-ended',
    file: `${source}/stores/matches.ts`,
    find: 'filter.except === undefined || session.id !== filter.except',
    replace: 'true',
    why: '"sign out everywhere else" would sign out here',
    tests: [`${tests}/stores/memory.test.ts`, `${tests}/engine/ends.test.ts`],
  },
  {
    name: 'seen-lately-ended',
    file: `${source}/stores/matches.ts`,
    find: 'session.lastSeenAt + session.lag <= filter.unseenSince',
    replace: 'session.lastSeenAt <= filter.unseenSince',
    why: 'a session that may have been in use since would end as unused',
    tests: [`${tests}/stores/memory.test.ts`],
  },
  {
    name: 'write-into-the-ended',
    file: `${source}/stores/memory-store.ts`,
    find: `const found = this.#live(id, at)
    if (found === undefined) return { status: 'gone' }`,
    replace: `const found = this.#table.found(id)
    if (found === undefined) return { status: 'gone' }`,
    why: 'a slow request would write into a session that was logged out',
    tests: [`${tests}/stores/memory.test.ts`],
  },
  {
    name: 'touch-goes-back',
    file: `${source}/stores/memory-store.ts`,
    find: 'at > session.lastSeenAt ||',
    replace: 'at !== session.lastSeenAt ||',
    why: 'an old request that is written late would end a session early',
    tests: [`${tests}/stores/memory.test.ts`],
  },
  {
    name: 'touch-revives',
    file: `${source}/stores/memory-store.ts`,
    find: `const found = this.#live(id, at)
      if (found === undefined) continue`,
    replace: `const found = this.#table.found(id)
      if (found === undefined) continue`,
    why: 'a request after the deadline would bring the session back',
    tests: [`${tests}/stores/memory.test.ts`],
  },
  {
    name: 'touch-revives-in-sqlite',
    file: `${source}/stores/sqlite-statements.ts`,
    find: 'WHERE s.${c.id} = ?1 AND s.${c.endedAt} IS NULL\n        AND (s.${c.expiresAt} IS NULL OR s.${c.expiresAt} >= ?2)',
    replace: 'WHERE s.${c.id} = ?1 AND s.${c.endedAt} IS NULL',
    why: 'a request after the absolute timeout would count as use',
    tests: [`${tests}/stores/sqlite/contract.test.ts`, `${tests}/stores/agreement.test.ts`],
  },
  {
    name: 'index-keeps-the-removed',
    file: `${source}/stores/memory-table.ts`,
    find: 'this.#families.remove(family, row)',
    replace: '',
    why: 'sessions that were removed would pile up in memory, and be looked for',
    tests: [`${tests}/stores/memory.test.ts`, `${tests}/stores/agreement.test.ts`],
  },
  {
    name: 'lower-watermark-replaces',
    file: `${source}/stores/memory-watermarks.ts`,
    find: 'before.watermark.at >= at',
    replace: 'before.watermark.at > at',
    why: 'the second of two reasons of one moment would stand',
    tests: [`${tests}/stores/memory.test.ts`],
  },
  {
    name: 'revision-not-compared',
    file: `${source}/stores/memory-store.ts`,
    find: 'ifRevision !== undefined && ifRevision !== revision',
    replace: 'ifRevision === -1',
    why: 'of two requests that read and then write one value, one would be lost',
    tests: [`${tests}/stores/memory.test.ts`, `${tests}/model/interleaving.isolated.test.ts`],
  },
  {
    name: 'other-keys-lost',
    file: `${source}/core/patch.ts`,
    find: 'Object.assign(Object.create(null) as object, data)',
    replace: 'Object.assign(Object.create(null) as object)',
    why: 'whoever writes one key would take away all others',
    tests: [`${tests}/stores/memory.test.ts`],
  },
  {
    name: 'prototype-key-accepted',
    file: `${source}/core/data.ts`,
    find: `new Set(['__proto__', 'prototype', 'constructor'])`,
    replace: `new Set(['prototype'])`,
    why: 'data of a visitor could reach the prototype of objects',
    tests: [`${tests}/core/data.test.ts`],
  },
]
