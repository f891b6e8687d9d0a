import { clientModules } from 'sojourn/web/client-modules'

const { version, files, entry } = clientModules()

/** Where the browser side stands: another address with each version, so that browsers may keep it for good. */
const folder = `/assets/client/${version}/`

/** The script of every page. */
export const clientScript = folder + entry

/** What stands below the folder, by its address. */
export const clientFiles: ReadonlyMap<string, string> = new Map(
  [...files].map(([name, text]) => [folder + name, text]),
)
