import { gzipSync } from 'node:zlib'
import { clientFiles } from '../client-script.ts'
import { liveScript, liveScriptText } from '../live-script.ts'
import { passkeysScript, passkeysScriptText } from '../passkeys-script.ts'
import type { Route } from './route.ts'

/** The browser side, module by module. What is not of this version is not found: the page then goes without. */
export const clientScriptRoutes: readonly Route[] = [
  ...clientFiles,
  [passkeysScript, passkeysScriptText] as const,
  [liveScript, liveScriptText] as const,
].map(([path, text]) => {
  const packed = gzipSync(text)
  return {
    method: 'GET',
    path,
    access: 'public',
    handle(asked) {
      const takesGzip = /\bgzip\b(?!;q=0(?:\.0*)?(?:,|$))/.test(asked.req.header('accept-encoding') ?? '')
      return asked.body(takesGzip ? packed : text, 200, {
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': 'public, max-age=31536000, immutable',
        Vary: 'Accept-Encoding',
        ...(takesGzip && { 'Content-Encoding': 'gzip' }),
      })
    },
  }
})
