import assert from 'node:assert/strict'
import { getDotPath, safeParse } from 'valibot'
import { problemSchema } from '../../src/api/problem-schema.ts'
import { everyRoute } from '../../src/routes/index.ts'
import type { Route } from '../../src/routes/route.ts'
import type { Answer } from '../browser.ts'

const routes = everyRoute.filter(({ path }) => path.startsWith('/api/'))

/** Every answer of the API that a test gets is what its document says: nothing more, nothing less. */
export function checkApiAnswer(
  { method, path }: { readonly method: string; readonly path: string },
  answer: Answer,
): void {
  const address = path.split('?')[0] ?? ''
  const route = address.startsWith('/api/') ? routeOf(method, address) : undefined
  if (route === undefined || route.api === undefined) return
  const { status, headers, text } = answer
  const where = `${method} ${path}: ${status}`
  const type = headers['content-type']?.split(';')[0]
  if (status >= 400) {
    assert.equal(type, 'application/problem+json', where)
    refuseOther(where, problemSchema, answer.json())
    return
  }
  const schema = route.api.answers[status]
  assert.notEqual(schema, undefined, `${where}: the document does not tell of this status`)
  if (schema === null || schema === undefined) return assert.equal(text, '', where)
  if (type !== 'application/x-ndjson') return refuseOther(where, schema, answer.json())
  const { lines } = route.api
  assert.ok(lines, `${where}: the document does not tell of lines`)
  for (const line of text.trimEnd().split('\n')) refuseOther(where, lines, JSON.parse(line))
}

function refuseOther(where: string, schema: Parameters<typeof safeParse>[0], body: unknown): void {
  const { issues = [] } = safeParse(schema, body)
  const told = issues.map((issue) => `${getDotPath(issue) ?? '.'}: ${issue.message}`)
  assert.deepEqual(told, [], where)
}

/** A route with fewer parameters is the nearer one, as in the router. */
function routeOf(method: string, address: string): Route | undefined {
  const parts = address.split('/')
  return routes
    .filter((route) => route.method === method && matches(route.path.split('/'), parts))
    .toSorted((a, b) => a.path.split(':').length - b.path.split(':').length)[0]
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, i) => (part.startsWith(':') ? parts[i] !== '' : part === parts[i]))
  )
}
