import { applyPatch } from '../core/patch.ts'
import type { Data, Json } from '../core/session.ts'
import type { Patch } from '../core/store.ts'
import { writeKey, writeValues } from './postgres-row.ts'

const empty: Data = Object.freeze({})

/** A patch as the function `write` takes it, in the order of the law. Throws `invalid_data` where nothing could ever be written. */
export function patchOf(patch: Patch): readonly [set: string, deleted: string, add: string, append: string] {
  const { set = {}, delete: deleted = [], add = {}, append = {} } = patch
  const appended = Object.entries(append).map(([key, { items, most }]) => {
    lastOf({ append: { [key]: { items: [], most } } })
    return [
      writeKey(key),
      texts(lastOf({ append: { [key]: { items, most: items.length } } })[key]),
      most,
    ] as const
  })
  const added = Object.entries(lastOf({ add })).map(
    ([key, amount]) => [writeKey(key), JSON.stringify(amount)] as const,
  )
  return [
    JSON.stringify(writeValues(lastOf({ set }))),
    JSON.stringify(deleted.map(writeKey)),
    JSON.stringify(added),
    JSON.stringify(appended),
  ]
}

/** What a patch makes of nothing. */
function lastOf(patch: Patch): Data {
  const patched = applyPatch(empty, patch)
  return patched.status === 'patched' ? patched.data : empty
}

function texts(items: Json | undefined): readonly string[] {
  return Array.isArray(items) ? items.map((item: Json) => JSON.stringify(item)) : []
}
