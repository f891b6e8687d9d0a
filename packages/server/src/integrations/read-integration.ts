import { boolean, getDotPath, maxLength, minLength, pipe, regex, safeParse, string, trim } from 'valibot'
import type { IntegrationKind, KindField } from './integration-kind.ts'

/** What is wrong with what was entered, by field; `name` and `enabled` beside those of the kind. */
export type IntegrationFaults = ReadonlyMap<string, string>

export type ReadIntegration =
  | { readonly name: string; readonly enabled: boolean; readonly settings: object }
  | { readonly faults: IntegrationFaults }

const nameSchema = pipe(
  string('Expected a name.'),
  trim(),
  minLength(1, 'Expected a name.'),
  maxLength(100, 'Expected a name of at most 100 characters.'),
  regex(/^\P{Cc}*$/u, 'Expected a name without control characters.'),
)

/** Reads what was entered of an integration by the schema of its kind: all of it is good, or what is wrong is told by field. */
export function readIntegration(
  kind: IntegrationKind,
  written: { readonly name: unknown; readonly enabled: unknown; readonly settings: unknown },
): ReadIntegration {
  const name = safeParse(nameSchema, written.name)
  const enabled = safeParse(boolean('Expected true or false.'), written.enabled)
  const settings = safeParse(kind.settings, written.settings)
  if (name.success && enabled.success && settings.success)
    return { name: name.output, enabled: enabled.output, settings: settings.output }
  const faults = new Map<string, string>()
  if (!name.success) faults.set('name', name.issues[0].message)
  if (!enabled.success) faults.set('enabled', enabled.issues[0].message)
  for (const issue of settings.success ? [] : settings.issues) {
    const [field = 'settings'] = (getDotPath(issue) ?? '').split('.')
    const key = field === '' ? 'settings' : field
    if (!faults.has(key)) faults.set(key, issue.message)
  }
  return { faults }
}

/** The settings that a form holds, before they are read. A secret that was left empty stays as it was `before`. */
export function settingsIn(
  { fields }: IntegrationKind,
  field: (name: string) => string,
  before: object = {},
): { readonly [name: string]: unknown } {
  const old = new Map<string, unknown>(Object.entries(before))
  return Object.fromEntries(
    fields.flatMap((one): readonly (readonly [string, unknown])[] => {
      const value = valueOf(one, field(one.name).trim())
      if (one.isSecret === true && value === undefined && old.has(one.name))
        return [[one.name, old.get(one.name)]]
      return value === undefined ? [] : [[one.name, value]]
    }),
  )
}

/** The same settings with the secrets that a program left out, as they were before. */
export function withSecrets({ fields }: IntegrationKind, settings: object, before: object): object {
  const old = new Map<string, unknown>(Object.entries(before))
  const kept = fields.flatMap(({ name, isSecret }) =>
    isSecret === true && !(name in settings) && old.has(name) ? [[name, old.get(name)] as const] : [],
  )
  return { ...settings, ...Object.fromEntries(kept) }
}

/** What a form shows of the settings: no secret. */
export function enteredIn({ fields }: IntegrationKind, settings: object): (name: string) => string {
  const values = new Map<string, unknown>(Object.entries(settings))
  return (name) => {
    const one = fields.find((field) => field.name === name)
    const value = values.get(name)
    if (one === undefined || one.isSecret === true || value === null || value === undefined) return ''
    if (Array.isArray(value)) return value.join('\n')
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
}

/** What programs are shown of the settings: no secret. */
export function withoutSecrets(
  { fields }: IntegrationKind,
  settings: object,
): { readonly [name: string]: unknown } {
  const secret = new Set(fields.filter(({ isSecret }) => isSecret === true).map(({ name }) => name))
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !secret.has(name)))
}

function valueOf({ type }: KindField, text: string): unknown {
  switch (type) {
    case 'lines':
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
    case 'limit':
      return text === '' ? null : /^\d{1,9}$/.test(text) ? Number(text) : text
    case 'text':
    case 'choice':
      return text === '' ? undefined : text
  }
}
