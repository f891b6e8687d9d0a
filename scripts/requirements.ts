/** The numbered requirements, as they stand in the tables of `docs/requirements.md` and `docs/security.md`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type State = 'open' | 'done'

export interface Requirement {
  /** Such as `AUR-05`. */
  readonly number: string
  readonly state: State
}

/** The systems that the numbers come from, by the letters that a number begins with. */
export const systems: Readonly<Record<string, string>> = {
  AUR: 'Aurora',
  SLI: 'Stay logged in',
  JAD: 'Jadu',
  PCA: 'Auth0/PeakCommerce',
  ROD: 'Rodauth',
  R: 'Security',
  A: 'Attacks',
  P: 'Pains',
}

export const requirementDocs = ['docs/requirements.md', 'docs/security.md'] as const

/** A row begins with its number and ends with its state. */
const row = /^\| ([A-Z]+-\d{2}) \|.*\| (\w+) \|$/

export function requirementsIn(markdown: string): Requirement[] {
  return markdown.split('\n').flatMap((line) => {
    const [, number, state] = row.exec(line) ?? []
    if (number === undefined) return []
    if (state !== 'open' && state !== 'done')
      throw new Error(`${number} is ${state}; a state is open or done`)
    return [{ number, state }]
  })
}

export function readRequirements(): Requirement[] {
  return requirementDocs.flatMap((path) => requirementsIn(readFileSync(inRepository(path), 'utf8')))
}

/** The same table with every state set anew; everything else stays as it is, to the byte. */
export function withStates(markdown: string, stateOf: (number: string) => State): string {
  return markdown
    .split('\n')
    .map((line) => {
      const number = row.exec(line)?.[1]
      return number === undefined ? line : line.replace(/\w+ \|$/, `${stateOf(number)} |`)
    })
    .join('\n')
}

/** Writes the states into the documents and returns the numbers that changed. */
export function markStates(stateOf: (number: string) => State): string[] {
  const before = new Map(readRequirements().map(({ number, state }) => [number, state]))
  for (const path of requirementDocs) {
    const markdown = readFileSync(inRepository(path), 'utf8')
    const marked = withStates(markdown, stateOf)
    if (marked !== markdown) writeFileSync(inRepository(path), marked)
  }
  return readRequirements().flatMap(({ number, state }) => (before.get(number) === state ? [] : [number]))
}

/** The numbers whose state is not what the tests say: done without one that names it, and open although one does. */
export function strayed(
  known: readonly Requirement[],
  isNamed: (number: string) => boolean,
): { readonly untested: readonly string[]; readonly stale: readonly string[] } {
  const of = (state: State, named: boolean): string[] =>
    known.flatMap((each) => (each.state === state && isNamed(each.number) === named ? [each.number] : []))
  return { untested: of('done', false), stale: of('open', true) }
}

export function systemOf(number: string): string {
  return systems[number.slice(0, number.indexOf('-'))] ?? 'unknown'
}

function inRepository(path: string): string {
  return join(import.meta.dirname, '..', path)
}
