import { SessionError } from '../core/errors.ts'
import { frozenData, frozenJson, refusePrototypeKey } from '../core/frozen.ts'
import type { Filter, NewSession, Patch } from '../core/store.ts'
import { writeSession } from './sql-row.ts'

/** A session to insert, as scripts take it, and its data as they follow: by key and value, each as JSON. */
export function entryOf({ session, secretHash, refreshHash, data }: NewSession): {
  readonly entry: object
  readonly texts: readonly string[]
} {
  return {
    entry: { session: writeSession(session), secret: secretHash, refresh: refreshHash },
    texts: Object.entries(frozenData(data)).flatMap(([key, value]) => [
      JSON.stringify(key),
      JSON.stringify(value),
    ]),
  }
}

/** A filter as scripts take it. JSON's `null` is a nuisance in Lua, so that guests have a name of their own. */
export function filterOf({
  realm,
  id,
  except,
  subject,
  app,
  method,
  family,
  parent,
  actor,
  ip,
  unseenSince,
}: Filter): object {
  return {
    realm,
    id,
    except,
    ...(subject === null ? { guests: true } : { subject }),
    app,
    method,
    family,
    parent,
    actor,
    ip,
    unseenSince,
  }
}

/** A patch as scripts take it: keys and values are JSON texts. Refuses what `applyPatch` refuses. */
export function patchOf({ set = {}, delete: gone = [], add = {}, append = {} }: Patch): object {
  for (const key of [...Object.keys(set), ...Object.keys(add), ...Object.keys(append)])
    refusePrototypeKey(key)
  return {
    set: Object.entries(set).map(([key, value]) => [JSON.stringify(key), textOf(value)]),
    delete: gone.map((key) => JSON.stringify(key)),
    add: Object.entries(add).map(([key, amount]) => {
      if (!Number.isFinite(amount))
        throw new SessionError('invalid_data', `add ${key}: expected a finite number, got ${amount}`)
      return [JSON.stringify(key), String(amount)]
    }),
    append: Object.entries(append).map(([key, { items, most }]) => {
      if (!Number.isSafeInteger(most) || most < 0)
        throw new SessionError('invalid_data', `append ${key}: expected a whole number of items, got ${most}`)
      return [JSON.stringify(key), items.map(textOf), most]
    }),
  }
}

function textOf(value: Parameters<typeof frozenJson>[0]): string {
  return JSON.stringify(frozenJson(value))
}
