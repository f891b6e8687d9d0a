/** A fault that is planted in a copy of the repository, to see that a test finds it. */
export interface Mutant {
  readonly name: string
  /** From the repository's root, with forward slashes. */
  readonly file: string
  /** Text that stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  /** What somebody would suffer from it. */
  readonly why: string
  /** The test files of which one must fail, those first that find it soonest. */
  readonly tests: readonly [string, ...string[]]
}

/** The file's text with the fault in it. Throws where it is not clear what is meant. */
export function plant(text: string, { name, file, find, replace }: Mutant): string {
  const first = text.indexOf(find)
  if (first === -1) throw new Error(`${name}: ${file} does not hold ${JSON.stringify(find)}`)
  if (text.includes(find, first + 1)) throw new Error(`${name}: ${file} holds ${JSON.stringify(find)} twice`)
  if (find === replace) throw new Error(`${name}: nothing is changed`)
  return text.slice(0, first) + replace + text.slice(first + find.length)
}
