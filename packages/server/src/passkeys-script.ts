import { hash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { scriptOf } from 'sojourn/web/client-modules'

const folder = new URL('./browser/', import.meta.url)
const file = readdirSync(folder).find((name) => /^passkeys\.[jt]s$/.test(name))
if (file === undefined) throw new Error('the server was installed without the script of its passkeys')

/** The script of pages that use passkeys, as a browser loads it. */
export const passkeysScriptText = scriptOf(new URL(file, folder))

/** Its address: another one with each version, so that browsers may keep it for good. */
export const passkeysScript = `/assets/passkeys-${hash('sha256', passkeysScriptText, 'hex').slice(0, 16)}.js`
