import { day } from 'sojourn/core'
import { readPlaceFile } from '../places/watched-file.ts'
import { defineCheck } from './check.ts'

/** Addresses change hands: a file that is older tells of many where they were. */
const oldAfter = 90 * day

export const placesCheck = defineCheck({
  name: 'places',
  needs: ['config', 'now'],
  async look({ config: { geo }, now }) {
    if (geo === undefined)
      return { state: 'ok', says: 'unknown, but for local addresses: SOJOURN_GEO is not set' }
    if (geo.kind === 'header') return { state: 'ok', says: `by the header ${geo.name} of a trusted proxy` }
    if (geo.kind === 'lookup') return { state: 'ok', says: 'by a look-up of this site' }
    const todo = 'fetch a new file, move it to its place in one step, and wait a minute'
    const { file, error } = await readPlaceFile(geo.path).then(
      ({ about }) => ({ file: about, error: undefined }),
      (error: unknown) => ({ file: undefined, error }),
    )
    if (file === undefined)
      return { state: 'failure', says: error instanceof Error ? error.message : String(error), todo }
    const age = file.builtAt === undefined ? undefined : now() - file.builtAt
    if (age === undefined)
      return { state: 'ok', says: `by ${file.source}, which does not say when it was built` }
    const says = `by ${file.source}, built ${Math.max(0, Math.floor(age / day))} days ago`
    return age > oldAfter ? { state: 'warning', says, todo } : { state: 'ok', says }
  },
})
