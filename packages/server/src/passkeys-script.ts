import { browserScript } from './browser-script.ts'

/** The script of pages that use passkeys, and its address. */
export const { path: passkeysScript, text: passkeysScriptText } = browserScript('passkeys')
