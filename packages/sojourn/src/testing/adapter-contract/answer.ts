import type { ServerResponse } from 'node:http'

/** What a route answers, in no framework's words. A body in pieces is to be streamed, not gathered. */
export interface Answer {
  /** 200 if left out. */
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | AsyncIterable<string>
}

/** Answers where responses are Node's. */
export async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, headers = {}, body = '' } = answer
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (typeof body === 'string') {
    response.end(body)
    return
  }
  for await (const piece of body) {
    if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve))
  }
  response.end()
}

/** Answers where responses are those of the Fetch standard. */
export function responseFrom({ status = 200, headers = {}, body = '' }: Answer): Response {
  return new Response(typeof body === 'string' ? body : streamOf(body), { status, headers })
}

function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async start(controller) {
      for await (const piece of pieces) controller.enqueue(encoder.encode(piece))
      controller.close()
    },
  })
}
