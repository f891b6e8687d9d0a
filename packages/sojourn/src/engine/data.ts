import { checkKey, checkSize, dataLimits, readJson } from '../core/data.ts'
import { SessionError } from '../core/errors.ts'
import type { Data, Json } from '../core/session.ts'
import type { Patch, WriteResult } from '../core/store.ts'
import type { Context } from './context.ts'
import { findOne } from './find.ts'

/** Strict updates try this often before they give up on a key that others write all the time. */
const tries = 20

/** The data of a live or ended session; `undefined` where there is none by this id. */
export async function readData(context: Context, id: string): Promise<Data | undefined> {
  return (await findOne(context, id))?.data
}

/**
 * Writes single keys. Writers of different keys never lose, `add`s sum. Throws `session_gone` where the session is not
 * live, `invalid_data` or `data_too_large` where the patch does not fit, `not_a_number` where an `add` meets something
 * else; nothing is written then. `known`: the data as it was just read, which spares a read.
 */
export async function writeData(context: Context, id: string, patch: Patch, known?: Data): Promise<Data> {
  const present = known ?? (await findOne(context, id))?.data
  if (present === undefined) throw sessionGone(id)
  const clean = checkPatch(patch, present)
  const result = await context.call((store) => store.write(id, clean, { at: context.clock.now() }))
  if (result.status === 'written') return result.data
  throw refused(id, result)
}

/**
 * Reads the data, lets `change` say what to write, and writes it only if nobody wrote in between; else once more. For
 * what depends on a value that is already there.
 */
export async function updateData(
  context: Context,
  id: string,
  change: (data: Data) => Patch | undefined,
): Promise<Data> {
  for (let attempt = 1; ; attempt++) {
    const found = await findOne(context, id)
    if (found === undefined) throw sessionGone(id)
    const patch = change(found.data)
    if (patch === undefined) return found.data
    const options = { at: context.clock.now(), ifRevision: found.session.revision }
    const result = await context.call((store) => store.write(id, checkPatch(patch, found.data), options))
    if (result.status === 'written') return result.data
    if (result.status !== 'conflict' || attempt === tries) throw refused(id, result)
  }
}

/** A frozen, clean copy of a patch that fits with what is there. */
export function checkPatch(
  { set = {}, delete: removed = [], add = {}, append = {} }: Patch,
  known: Data,
): Patch {
  const clean: Record<string, Json> = Object.create(null) as Record<string, Json>
  for (const [key, value] of Object.entries(set)) {
    checkKey(key, `data.${key}`)
    clean[key] = readJson(value, `data.${key}`)
  }
  for (const [key, amount] of Object.entries(add)) {
    checkKey(key, `data.${key}`)
    if (!Number.isFinite(amount))
      throw misfit(
        key,
        'a finite number to add',
        typeof amount === 'number' ? `${amount}` : `a ${typeof amount}`,
      )
  }
  const after: Record<string, Json> = { ...known, ...clean }
  for (const key of removed) Reflect.deleteProperty(after, key)
  Object.assign(after, add)
  const appended = Object.entries(append).map(([key, { items, most }]) => {
    checkKey(key, `data.${key}`)
    const list = readItems(items, key)
    if (!Number.isSafeInteger(most) || most < 0)
      throw misfit(key, 'to keep a whole number of items', String(most))
    const whole = [...listOf(after[key]), ...list]
    const all = whole.slice(Math.max(0, whole.length - most))
    if (all.length > dataLimits.keys)
      throw misfit(key, `a list of at most ${dataLimits.keys} items`, `one of ${all.length}`)
    after[key] = all
    return [key, { items: list, most }] as const
  })
  checkSize(after)
  return { set: clean, delete: removed, add, append: Object.fromEntries(appended) }
}

function readItems(items: unknown, key: string): readonly Json[] {
  if (!Array.isArray(items)) throw misfit(key, 'a list of items to append', `a ${typeof items}`)
  return readJson(items, `data.${key}`) as readonly Json[]
}

function misfit(key: string, expected: string, got: string): SessionError {
  return new SessionError(
    'invalid_data',
    `data.${key}: expected ${expected}, got ${got}; nothing was written`,
  )
}

/** What is no list will be refused by the store. */
function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

function refused(id: string, result: Exclude<WriteResult, { status: 'written' }>): SessionError {
  if (result.status === 'gone') return sessionGone(id)
  if (result.status === 'conflict')
    return new SessionError(
      'revision_conflict',
      `the data of session ${id} changed ${tries} times while it was being updated`,
    )
  if (result.status === 'not_a_list')
    return new SessionError(
      'invalid_data',
      `data.${result.key}: expected a list to append to; nothing was written`,
    )
  return new SessionError(
    'not_a_number',
    `data.${result.key}: expected a number to add to; nothing was written`,
  )
}

export function sessionGone(id: string): SessionError {
  return new SessionError('session_gone', `session ${id} has ended or never was; nothing was written`)
}
