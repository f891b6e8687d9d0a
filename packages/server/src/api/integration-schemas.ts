import {
  array,
  boolean,
  integer,
  minValue,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  record,
  strictObject,
  string,
  unknown,
} from 'valibot'
import { integrationKindNames } from '../integrations/integration.ts'
import { moment } from './session-schemas.ts'

/** As the kind says; `help` of the page tells what they mean. Secrets are taken, and never given. */
const settings = record(string(), unknown())
const revision = pipe(number(), integer(), minValue(1))

export const integrationSchema = strictObject({
  id: string(),
  kind: picklist(integrationKindNames),
  name: string(),
  enabled: boolean(),
  settings,
  revision,
  created_at: moment,
  updated_at: moment,
  /** What the other side has to be told. */
  tells: array(strictObject({ label: string(), value: string() })),
})
export const integrationsSchema = strictObject({ integrations: array(integrationSchema) })
export const integrationDetailSchema = strictObject({
  integration: integrationSchema,
  /** How many of its sessions live, which end with it; `complete: false`: there are more. */
  sessions: strictObject({ count: number(), complete: boolean() }),
})
export const createBody = strictObject({
  kind: picklist(integrationKindNames),
  name: string(),
  enabled: optional(boolean(), true),
  settings,
})
export const changeIntegrationBody = strictObject({
  /** The one that the program had in view. */
  revision,
  name: optional(string()),
  enabled: optional(boolean()),
  /** All of them; left out, they stay. */
  settings: optional(settings),
})
export const changedIntegrationSchema = strictObject({
  integration: integrationSchema,
  /** The sessions that ended, where it was disabled. */
  ended: number(),
})
export const removedSchema = strictObject({ ended: number() })
export const linkBody = strictObject({
  /** How the integration names the person. */
  external_id: string(),
  account: string(),
})
export const linkedSchema = strictObject({ external_id: string(), account: nullable(string()) })
