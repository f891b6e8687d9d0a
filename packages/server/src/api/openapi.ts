import { toJsonSchema } from '@valibot/to-json-schema'
import { array, type GenericSchema } from 'valibot'
import type { Access, Route } from '../routes/route.ts'
import type { Described } from './described.ts'
import { problemSchema } from './problem-schema.ts'

type Json = { readonly [name: string]: unknown }

/** The document of the API by OpenAPI 3.1: every route under `/api/` that says what it takes and gives. */
export function openapi(
  routes: readonly Route[],
  { url, cookie }: { readonly url: string; readonly cookie: string },
): Json {
  const paths: { [path: string]: { [method: string]: Json } } = {}
  for (const route of routes) {
    if (route.api === undefined) continue
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, route.api) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sojourn',
      version: '1',
      description:
        'Sessions: your own, everybody’s for whoever administers, and the policy that they are under.',
    },
    servers: [{ url }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: cookie },
        key: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Problem: jsonSchema(problemSchema) },
    },
  }
}

const whoMay: { readonly [access in Access]: string } = {
  public: 'For everybody.',
  'let-in': 'For whoever is signed in, also by a way that does not say who they are.',
  'signed-in': 'For whoever is signed in.',
  'store-admin': 'For store administrators and Super Admins.',
  'super-admin': 'For Super Admins.',
  'api-key': 'For programs with an API key.',
}

function operation({ method, path, access, scope, body }: Route, { summary, ...api }: Described): Json {
  const parameters = [...pathParameters(path), ...(api.query === undefined ? [] : queryParameters(api.query))]
  return {
    operationId: `${method} ${path}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
    summary,
    description: access === 'api-key' ? `${whoMay[access]} Its scope: ${scope}.` : whoMay[access],
    ...(access !== 'public' && { security: [access === 'api-key' ? { key: [] } : { session: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body === 'json' &&
      api.request !== undefined && {
        requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(api.request) } } },
      }),
    responses: { ...answers(api), default: refusal },
  }
}

const refusal: Json = {
  description: 'A refusal, with its reason.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

function answers({ answers, lines, events }: Pick<Described, 'answers' | 'lines' | 'events'>): Json {
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => {
      const description = schema === null ? 'Done.' : 'What was asked for.'
      if (schema === null) return [status, { description }]
      const more = {
        ...(lines && { 'application/x-ndjson': { schema: jsonSchema(array(lines)) } }),
        ...(events && { 'text/event-stream': { schema: jsonSchema(events) } }),
      }
      return [
        status,
        { description, content: { 'application/json': { schema: jsonSchema(schema) }, ...more } },
      ]
    }),
  )
}

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(schema: GenericSchema): readonly Json[] {
  const { properties = {}, required = [] } = jsonSchema(schema) as {
    readonly properties?: { readonly [name: string]: unknown }
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: one,
  }))
}

/** What may be sent, where a schema reads one thing into another; what JSON Schema has no word for is left to the prose. */
function jsonSchema(schema: GenericSchema): Json {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    typeMode: 'input',
    errorMode: 'ignore',
    target: 'draft-2020-12',
  })
  return rest
}
