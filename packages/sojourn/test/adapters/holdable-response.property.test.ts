import assert from 'node:assert/strict'
import { request, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { HoldableResponse } from '../../src/adapters/holdable-response.ts'
import { listen } from './listen.ts'

type Step = (response: ServerResponse) => unknown

/** What a handler may do with a response, in any order, sensible or not. */
const steps: { readonly [name: string]: Step } = {
  'status 201': (response) => (response.statusCode = 201),
  'header A: 1': (response) => response.setHeader('A', '1'),
  'header A: 2 too': (response) => response.appendHeader('A', '2'),
  'no header A': (response) => response.removeHeader('A'),
  'headers B, C': (response) =>
    response.setHeaders(
      new Map([
        ['B', '1'],
        ['C', '2'],
      ]),
    ),
  'head 202': (response) => response.writeHead(202, { D: '1' }),
  'head 203, again A': (response) => response.writeHead(203, 'Odd', ['A', '3']),
  'flush the head': (response) => response.flushHeaders(),
  write: (response) => response.write('written '),
  'write nothing': (response) => response.write(''),
  end: (response) => response.end(),
  'end with a word': (response) => response.end('ended'),
  'is it sent': (response) => response.headersSent,
  'is it ended': (response) => response.writableEnded,
  'a turn of the loop': () => new Promise((resolve) => setImmediate(resolve)),
}

/** Runs the steps; for each, what it threw, or what a question was answered. */
async function play(response: ServerResponse, names: readonly string[]): Promise<unknown[]> {
  response.on('error', () => {})
  const told: unknown[] = []
  for (const name of names) {
    try {
      const answer = await steps[name]?.(response)
      if (name.startsWith('is it')) told.push(answer)
    } catch (error) {
      told.push((error as { code?: unknown }).code)
    }
  }
  response.end()
  return told
}

test('P-03 a held answer is, to the handler and to the client, the answer that it would have been', async () => {
  let names: readonly string[] = []
  let told: Promise<unknown[]> | undefined
  const serve = (hold: boolean) => (_: unknown, response: ServerResponse) => {
    if (hold) {
      const save = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
      new HoldableResponse(response).hold(true, save, (error) => response.destroy(error as Error))
    }
    told = play(response, names)
  }
  const plain = await listen(serve(false))
  const held = await listen(serve(true))
  const ask = (url: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const sent = request(url, { agent: false }, (response) => {
        const { statusCode, statusMessage, headers } = response
        const { a, b, c, d } = headers
        const answer = async (): Promise<unknown> => {
          const body = await text(response)
          return { statusCode, statusMessage, headers: { a, b, c, d }, body, told: await told }
        }
        resolve(answer())
      })
      sent.on('error', reject).end()
    })
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 8 }), async (some) => {
        names = some
        assert.deepEqual(await ask(held.url), await ask(plain.url))
      }),
      { numRuns: 300 },
    )
  } finally {
    await plain.close()
    await held.close()
  }
})
