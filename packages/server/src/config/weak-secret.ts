/** A random secret of any usual alphabet has more: of 32 hexadecimal digits, 14 or so differ. */
const leastDifferent = 8

/** What shows that a secret was made up and not drawn, in words that show nothing of it; `undefined`: nothing does. */
export function weaknessOf(secret: string): string | undefined {
  const different = new Set(secret).size
  if (different < leastDifferent) return `one with ${different} different characters`
  // A text that repeats itself stands in its own double before its end.
  if ((secret + secret).indexOf(secret, 1) < secret.length) return 'one that repeats itself'
  return undefined
}
