/** Kubernetes tells every container of a Service by such names, also of one that is called sojourn. */
const others = /^SOJOURN_(?:PORT|SERVICE_|TEST_)/

/** Variables that look like settings and are none: one that was misspelt would otherwise be ignored in silence. */
export function unknownVariables(
  env: { readonly [name: string]: string | undefined },
  known: readonly string[],
): readonly string[] {
  return Object.keys(env).filter(
    (name) => name.startsWith('SOJOURN_') && !known.includes(name) && !others.test(name),
  )
}
