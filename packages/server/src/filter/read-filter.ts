import { SessionError } from 'sojourn'
import type { Parts } from '../parts.ts'
import { type CompiledFilter, compileFilter } from './compile-filter.ts'
import type { FilterFault } from './filter-term.ts'
import { type FilteredPage, filteredPage } from './filtered-page.ts'
import { parseFilter } from './parse-filter.ts'

/** A filter as it stands at this moment, or where it does not read. A person may be given by their e-mail address. */
export async function readSessionFilter(
  { accounts, sessions, places }: Pick<Parts, 'accounts' | 'sessions' | 'places'>,
  text: string,
): Promise<CompiledFilter | { readonly fault: FilterFault }> {
  const parsed = parseFilter(text)
  if ('fault' in parsed) return parsed
  const { countryNow } = places
  const asksCountry = parsed.terms.some(({ field }) => field === 'country')
  if (asksCountry && countryNow === undefined) {
    const expected = 'no country: only a file of places can be searched, and SOJOURN_GEO names none'
    return { fault: { at: Math.max(0, text.indexOf('country:')), length: 7, expected, got: 'country' } }
  }
  const compiled = compileFilter(parsed.terms, sessions.now(), countryNow)
  const { subject } = compiled.which
  const account = subject?.includes('@') === true ? await accounts.findByEmail(subject) : undefined
  return account === undefined ? compiled : { ...compiled, which: { ...compiled.which, subject: account.id } }
}

/** One page of what a filter keeps; `undefined` where the cursor is none of ours. */
export async function pageOf(
  { sessions }: Pick<Parts, 'sessions'>,
  filter: CompiledFilter,
  place: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<FilteredPage | undefined> {
  try {
    return await filteredPage((input) => sessions.list(input), filter, place)
  } catch (error) {
    if (place.cursor !== undefined && error instanceof SessionError && error.code === 'invalid_option')
      return undefined
    throw error
  }
}
