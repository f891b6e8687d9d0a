import {
  type GenericSchema,
  type InferOutput,
  integer,
  maxValue,
  minValue,
  nullable,
  number,
  optional,
  parse,
  pipe,
} from 'valibot'
import type { Integration, IntegrationKindName } from './integration.ts'

/** A field of the form of a kind. What is typed becomes JSON by its type, and is then read by the schema of the kind. */
export interface KindField {
  /** The key of the settings. */
  readonly name: string
  readonly label: string
  readonly hint: string
  /** `lines`: a list, one a line. `limit`: a whole number, or nothing. `choice`: one of `choices`. `text`: left out where empty. */
  readonly type: 'text' | 'lines' | 'limit' | 'choice'
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
  /** Its value is in no page and in no answer; left empty, it stays as it was. */
  readonly isSecret?: true
}

/** A way in by somebody else's word: what its integrations are told by, and how far their word goes. */
export interface IntegrationKind<
  Schema extends GenericSchema<unknown, object> = GenericSchema<unknown, object>,
> {
  readonly kind: IntegrationKindName
  readonly title: string
  /** What it is for and what it trusts, in plain words: administrators decide by it. */
  readonly help: string
  readonly settings: Schema
  readonly fields: readonly KindField[]
  /**
   * Whether its word says which person it is. Where it does not, whoever stands in the right place is let in: their session
   * never opens an account that administers, and never changes or shows what is the account's (`access: 'person'`).
   */
  readonly provesPerson: boolean
  /** What the other side has to be told, as label and value. `origin`: that of this server. */
  readonly tells?: (
    integration: Pick<Integration, 'id'>,
    origin: string,
  ) => readonly (readonly [string, string])[]
}

const wholeNumber = 'Expected a whole number from 0 to 10,000, or nothing.'

/** What integrations of every kind are told beside their own: spread it into the schema. */
export const commonSettings = {
  /** The limit of sessions that an account gets with it when it is made (SLI-17); `null`: as the policy says. */
  sessionLimit: optional(
    nullable(
      pipe(
        number(wholeNumber),
        integer(wholeNumber),
        minValue(0, wholeNumber),
        maxValue(10_000, wholeNumber),
      ),
    ),
    null,
  ),
}

/** The field of it: the last of every form. */
export const commonFields: readonly KindField[] = [
  {
    name: 'sessionLimit',
    label: 'Sessions at once of an account',
    hint: 'The limit of its own that an account gets when this integration makes it. 0: may not sign in. Empty: as the policy says. Accounts that are there keep theirs.',
    type: 'limit',
  },
]

/** The settings of an integration, typed by its kind. */
export function settingsOf<Schema extends GenericSchema<unknown, object>>(
  kind: IntegrationKind<Schema>,
  { settings }: Pick<Integration, 'settings'>,
): InferOutput<Schema> {
  return parse(kind.settings, settings)
}

/** The own limit that it gives to accounts. */
export function sessionLimitOf({ settings }: Pick<Integration, 'settings'>): number | null {
  const limit = 'sessionLimit' in settings ? settings.sessionLimit : null
  return typeof limit === 'number' ? limit : null
}
