import { browserScript } from './browser-script.ts'

/** The script of the page that shows sessions as they begin and end, and its address. */
export const { path: liveScript, text: liveScriptText } = browserScript('live-sessions')
