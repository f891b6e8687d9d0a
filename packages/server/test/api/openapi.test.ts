import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyRoute } from '../../src/routes/index.ts'
import { aServer } from '../a-server.ts'
import { checkApiAnswer } from './check-api-answer.ts'

const routes = everyRoute.filter(({ path }) => path.startsWith('/api/'))

interface Document {
  readonly openapi: string
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  readonly components: { readonly schemas: object; readonly securitySchemes: object }
}
interface Operation {
  readonly operationId: string
  readonly security?: unknown
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly requestBody?: unknown
  readonly responses: { readonly [status: string]: { readonly content?: object } }
}

test('the document of the API is OpenAPI 3.1 and tells of every route of it, and of nothing else', async (t) => {
  const server = await aServer(t)
  const answer = await server.browser().call('GET', '/api/v1/openapi.json')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['set-cookie'], undefined)
  const { openapi, paths } = answer.json() as Document
  assert.equal(openapi, '3.1.0')
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const expected = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  assert.deepEqual(
    told.toSorted(),
    expected.toSorted(),
    'give each new route its api: what it takes and gives',
  )
  const ids = new Set<string>()
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    const operation = paths[path]?.[route.method.toLowerCase()]
    assert.ok(operation, path)
    ids.add(operation.operationId)
    assert.equal(operation.requestBody !== undefined, route.body === 'json', `${route.method} ${path}`)
    assert.equal(operation.security !== undefined, route.access !== 'public', path)
    assert.ok(operation.responses['default']?.content, path)
    for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g))
      assert.ok(operation.parameters?.some((one) => one.name === name && one.in === 'path' && one.required))
  }
  assert.equal(ids.size, routes.length)
})

test('every reference of the document leads somewhere, and no schema of it is empty where JSON is answered', async (t) => {
  const server = await aServer(t)
  const document = (await server.browser().call('GET', '/api/v1/openapi.json')).json() as Document
  const text = JSON.stringify(document)
  for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
    assert.ok(Object.hasOwn(document.components.schemas, name), name)
  assert.equal(
    [...text.matchAll(/"\$ref"/g)].length,
    [...text.matchAll(/"\$ref":"#\/components\/schemas\/Problem"/g)].length,
  )
  assert.doesNotMatch(text, /"schema":\{\}/)
  assert.match(text, /"end_reason":\{"anyOf":\[\{"enum":\["idle_timeout"/)
})

test('a test sees where an answer of the API is not what its document says', () => {
  const answer = (status: number, body: unknown, type = 'application/json') => ({
    status,
    headers: { 'content-type': type },
    text: JSON.stringify(body),
    location: undefined,
    json: () => body,
  })
  const get = { method: 'GET', path: '/api/v1/sessions?cursor=x' }
  const good = { sessions: [], cursor: null }
  checkApiAnswer(get, answer(200, good))
  assert.throws(() => checkApiAnswer(get, answer(200, { ...good, token: 'x' })), /token/)
  assert.throws(() => checkApiAnswer(get, answer(200, { sessions: [] })), /cursor/)
  assert.throws(() => checkApiAnswer(get, answer(201, good)), /does not tell/)
  assert.throws(() => checkApiAnswer(get, answer(401, good)))
  assert.throws(() => checkApiAnswer(get, answer(401, good, 'application/problem+json')), /type/)
  checkApiAnswer({ method: 'GET', path: '/healthz' }, answer(200, {}))
})
