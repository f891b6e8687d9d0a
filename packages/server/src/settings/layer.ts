/** The layers of a policy that can be set, from the widest to the nearest. */
export const layerKinds = ['install', 'realm', 'app', 'role', 'method', 'integration', 'subject'] as const
export type LayerKind = (typeof layerKinds)[number]

/** One layer. The install has no name; a subject's is the account's id. */
export interface Layer {
  readonly kind: LayerKind
  readonly name: string
}

export const install: Layer = { kind: 'install', name: '' }

/** The layer that a kind and a name stand for, or `undefined`: the install alone has no name, all others have one. */
export function layerOf(kind: string, name: string): Layer | undefined {
  const known = layerKinds.find((one) => one === kind)
  if (known === undefined) return undefined
  if (known === 'install') return name === '' ? install : undefined
  return /^[a-z0-9][\w.:-]{0,127}$/i.test(name) ? { kind: known, name } : undefined
}

/** As the library names it where it says what a value came from: `install`, `role administrator`, `subject`. */
export function sourceOf({ kind, name }: Layer): string {
  return kind === 'install' || kind === 'subject' ? kind : `${kind} ${name}`
}
