import { createHash } from 'node:crypto'
import { admission } from './redis-lua/admission.ts'
import { base, withArguments } from './redis-lua/base.ts'
import { ending } from './redis-lua/ending.ts'
import { feed, feedEnds } from './redis-lua/feed.ts'
import { judge, living, watermark } from './redis-lua/judge.ts'
import { places } from './redis-lua/places.ts'
import { lists, record } from './redis-lua/record.ts'
import { restoring } from './redis-lua/restoring.ts'
import {
  changesVerb,
  findVerb,
  found,
  leaseVerb,
  openVerb,
  regenerateVerb,
  touchVerb,
  voidVerb,
  writeVerb,
} from './redis-lua/session-verbs.ts'
import { sweeping, sweepingMarks } from './redis-lua/sweeping.ts'
import { createVerb, endVerb, listVerb, restoreVerb, sweepVerb, upgradeVerb } from './redis-lua/verbs.ts'
import { filter, walk } from './redis-lua/walk.ts'
import { writing } from './redis-lua/writing.ts'

/** A script that Redis knows by its digest. */
export interface Script {
  readonly text: string
  readonly digest: string
}

const reading = [base, withArguments, lists, record, judge, watermark, living]
const changing = [...reading, places, feed]
const ends = [...changing, ending]
const admitting = [...ends, admission]

/**
 * One script a verb. `frugal`: refused before it begins where memory is full. All others run then too: nobody stays logged in for
 * want of memory, and a sweep makes room. None is marked as one that only reads: a server that may not write any more, because
 * it was replaced or cut off, may not say who is logged in either.
 */
export const scripts = {
  create: script('frugal', ...admitting, createVerb),
  find: script('always', base, lists, watermark, found, findVerb),
  touch: script('always', ...reading, feed, touchVerb),
  upgrade: script('frugal', ...admitting, upgradeVerb),
  regenerate: script('always', ...changing, found, regenerateVerb),
  write: script('frugal', ...reading, feed, found, writing, writeVerb),
  end: script('always', ...ends, walk, filter, endVerb),
  voidBefore: script('always', ...reading, feed, voidVerb),
  list: script('always', ...reading, places, walk, filter, listVerb),
  sweep: script('always', ...ends, walk, sweeping, sweepingMarks, feedEnds, sweepVerb),
  restore: script('frugal', ...admitting, restoring, restoreVerb),
  lease: script('always', base, withArguments, leaseVerb),
  changes: script('always', base, withArguments, feedEnds, changesVerb),
  open: script('always', base, withArguments, openVerb),
} as const satisfies Record<string, Script>

export type Verb = keyof typeof scripts

function script(memory: 'frugal' | 'always', ...pieces: readonly string[]): Script {
  const text = `#!lua flags=${memory === 'always' ? 'allow-oom' : ''}\n${pieces.join('')}`
  return { text, digest: createHash('sha1').update(text).digest('hex') }
}
