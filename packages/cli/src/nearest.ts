/** The word that somebody probably meant; `undefined` where none is near. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, far: word.startsWith(typed) ? 0.5 : distance(typed, word) }))
    .toSorted((a, b) => a.far - b.far)
  return best !== undefined && best.far <= Math.max(1, Math.floor(best.word.length / 3))
    ? best.word
    : undefined
}

/** Levenshtein: how many letters must change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
