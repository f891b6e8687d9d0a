/** What a key may do, each with its sentence. Every scope is asked for by a route, and no key has one that it was not given. */
export const scopes = {
  introspect: 'may ask whether a token is good, and whose it is',
  'introspect:reason': 'also hears why and when a session ended',
  metrics: 'may read the metrics, where they are read by key',
} as const

export type Scope = keyof typeof scopes

export const scopeNames = Object.keys(scopes) as readonly Scope[]

export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopes, text)
}
