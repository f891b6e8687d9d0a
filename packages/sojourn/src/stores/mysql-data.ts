import { SessionError } from '../core/errors.ts'
import { frozenData, frozenJson, refusePrototypeKey } from '../core/frozen.ts'
import { applyPatch } from '../core/patch.ts'
import type { Data, Json } from '../core/session.ts'
import type { Patch } from '../core/store.ts'

/*
 * Data is stored as JSON whose white space says where its keys and the items of its lists begin, so that the server patches
 * one key of it as text. JSON.stringify writes no line feed and no tab, not even within texts:
 *
 *     {⏎ "cart":[⇥1,⇥{"a":[2]}]⏎,"name":"x"}
 *
 * JSON functions of the server would not do: MariaDB's give up at a depth of 32, and MySQL's write numbers anew.
 */

const beforeKey = '\n'
const beforeItem = '\t'

/** Between the parts of an operation, and after each operation: JSON has neither. */
const partEnd = '\u001f'
const operationEnd = '\u001e'

/** What JSON.stringify writes of data, marked. The data has been checked. */
export function markedData(data: Data): string {
  const pairs = Object.entries(data).map(([key, value], index) => {
    return `${beforeKey}${index === 0 ? ' ' : ','}${JSON.stringify(key)}:${markedValue(value)}`
  })
  return `{${pairs.join('')}}`
}

/** Data as it is stored. */
export function writeData(data: Data): string {
  return markedData(frozenData(data))
}

function markedValue(value: Json): string {
  return Array.isArray(value) ? `[${markedItems(value)}]` : JSON.stringify(value)
}

function markedItems(items: readonly Json[]): string {
  return items.map((item) => beforeItem + JSON.stringify(item)).join(',')
}

/** A patch as the procedure `write` takes it. */
export interface Operations {
  readonly text: string
  /** Why what comes after the operations is refused, if they come to their end; `undefined`: they are all. */
  readonly refusal?: SessionError
}

/**
 * The operations of a patch, in their order. One that is refused ends them: those before it are still tried, because one of
 * them may be refused for what is stored.
 */
export function operationsOf(patch: Patch): Operations {
  const { set = {}, delete: deleted = [], add = {}, append = {} } = patch
  const operations: string[] = []
  const note = (kind: string, key: string, ...parts: (string | number)[]): void => {
    operations.push([kind, JSON.stringify(key), ...parts].join(partEnd) + partEnd + operationEnd)
  }
  try {
    for (const [key, value] of Object.entries(set)) {
      refusePrototypeKey(key)
      note('set', key, markedValue(frozenJson(value)))
    }
    for (const key of deleted) note('delete', key)
    for (const [key, amount] of Object.entries(add)) {
      refusePrototypeKey(key)
      note('number', key)
      refused({ add: own(key, amount) })
      note('add', key, JSON.stringify(amount))
    }
    for (const [key, { items, most }] of Object.entries(append)) {
      refused({ append: own(key, { items: [], most }) })
      note('list', key)
      const all = items.map((item) => frozenJson(item))
      const kept = all.slice(Math.max(0, all.length - most))
      note('append', key, most - kept.length, markedItems(kept))
    }
  } catch (error) {
    if (error instanceof SessionError) return { text: operations.join(''), refusal: error }
    throw error
  }
  return { text: operations.join('') }
}

/** Throws what the patch is refused for by itself, whatever is stored. */
function refused(patch: Patch): void {
  applyPatch({}, patch)
}

/** Keeps `__proto__` an own key, so that it is seen and refused. */
function own<T>(key: string, value: T): { readonly [key: string]: T } {
  return Object.fromEntries([[key, value]])
}
