import { looseObject, string } from 'valibot'
import { openapi } from '../api/openapi.ts'
import type { Route } from './route.ts'

/** The document of all other routes of the API. It tells nothing that is not in the documentation. */
export function openapiRoutes(routes: () => readonly Route[]): readonly Route[] {
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
        asked.json(openapi(routes(), { url: config.url, cookie: sessions.web.cookie })),
    },
  ]
}
