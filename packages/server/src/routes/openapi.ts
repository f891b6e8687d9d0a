import { looseObject, string } from 'valibot'
import { openapi } from '../api/openapi.ts'
import type { Route } from './route.ts'

/** The document of all other routes of the API. It tells nothing that is not in the documentation. */
export function openapiRoutes(routes: () => readonly Route[]): readonly Route[] {
  const made = new Map<string, string>()
  /** Made once: anybody may ask, and nobody shall keep a server busy with it. */
  const documentFor = (url: string, cookie: string): string => {
    const known = made.get(`${url} ${cookie}`) ?? JSON.stringify(openapi(routes(), { url, cookie }))
    made.clear()
    made.set(`${url} ${cookie}`, known)
    return known
  }
  return [
    {
      method: 'GET',
      path: '/api/v1/openapi.json',
      access: 'public',
      api: {
        summary: 'This document.',
        answers: { 200: looseObject({ openapi: string(), paths: looseObject({}) }) },
      },
      handle: (asked, { config, sessions }) =>
        asked.body(documentFor(config.url, sessions.web.cookie), 200, { 'content-type': 'application/json' }),
    },
  ]
}
