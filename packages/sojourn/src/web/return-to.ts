/** Longer ones are somebody's experiment. */
const longest = 2_048

/**
 * A same-origin path to return to after login, or `undefined`. Parsed as a browser would, so that `//evil`, `/\evil`,
 * `/\t/evil` and their kin cannot leave the origin; only a path, a query and a fragment pass.
 */
export function returnTo(wanted: string | null | undefined): string | undefined {
  if (wanted === null || wanted === undefined || wanted.length > longest) return undefined
  // One slash, then neither slash nor backslash: control characters, which browsers drop, are refused outright.
  if (!/^\/(?![/\\])/.test(wanted) || /[\p{Cc}\\]/u.test(wanted)) return undefined
  const base = 'https://origin.invalid'
  if (!URL.canParse(wanted, base)) return undefined
  const url = new URL(wanted, base)
  if (url.origin !== base) return undefined
  const path = url.pathname + url.search + url.hash
  // Dot segments may leave two slashes at the head (`/..//evil`), which a browser would read as a host.
  return path.startsWith('//') ? undefined : path
}
