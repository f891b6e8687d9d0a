import {
  array,
  boolean,
  integer,
  maxLength,
  minValue,
  null_,
  nullable,
  number,
  object,
  optional,
  picklist,
  pipe,
  record,
  regex,
  strictObject,
  string,
  union,
} from 'valibot'
import { layerKinds } from '../settings/layer.ts'
import { moment } from './session-schemas.ts'

/** A line of the author's own, for the history and the log. */
export const note = optional(pipe(string(), maxLength(200), regex(/^[^\p{Cc}]*$/u)), '')
export const settingValue = union([string(), number(), boolean(), null_()])
export const changeBody = strictObject({
  /** The revision of the layer that the program had in view; 0: it was never set. */
  revision: pipe(number(), integer(), minValue(0)),
  /** `null` for a timeout is "no limit"; to leave a setting to the wider layers name it in `unset`. */
  set: optional(record(string(), settingValue), {}),
  unset: optional(array(string()), []),
  note,
  standing: optional(picklist(['end', 'later']), 'later'),
})
export const undoBody = strictObject({ revision: pipe(number(), integer(), minValue(1)), note })
export const layerQuery = object({ kind: picklist(layerKinds), name: optional(string()) })
export const historyQuery = object({ before: optional(string()) })

export const changesSchema = array(
  strictObject({ option: string(), before: nullable(string()), after: nullable(string()) }),
)
export const layerNames = { kind: picklist(layerKinds), name: string() }

/** A layer and the revision of it, for whoever changes it next. */
export const layerSchema = strictObject({
  ...layerNames,
  revision: number(),
  settings: array(
    strictObject({ option: string(), value: nullable(string()), says: string(), expected: string() }),
  ),
})
export const savedSchema = strictObject({ revision: number(), changes: changesSchema, ended: number() })
export const undoneSchema = strictObject({ revision: number(), changes: changesSchema })
export const historySchema = strictObject({
  revisions: array(
    strictObject({
      revision: number(),
      ...layerNames,
      by: nullable(string()),
      at: moment,
      note: string(),
      changes: changesSchema,
      undoes: nullable(number()),
    }),
  ),
})
