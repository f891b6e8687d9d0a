import { request } from 'node:http'
import type { Browser } from '../browser.ts'

export interface StreamedEvent {
  readonly id: string | undefined
  readonly event: string
  readonly data: { readonly [name: string]: unknown }
}

export interface EventStream {
  readonly status: number
  readonly type: string | undefined
  readonly events: readonly StreamedEvent[]
  /** How many comments came, which keep a connection alive. */
  readonly beats: () => number
  readonly isClosed: () => boolean
  /** Reads no more, as a page that hangs. */
  pause(): void
  resume(): void
  close(): void
}

/** A stream of events as a browser opens one. */
export function openStream(
  browser: Browser,
  headers: { readonly [name: string]: string } = {},
): Promise<EventStream> {
  const { port, host } = new URL(browser.origin)
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: '/api/v1/admin/events',
        agent: false,
        headers: {
          host,
          cookie: browser.cookie,
          accept: 'text/event-stream',
          'user-agent': browser.userAgent,
          'sec-fetch-site': 'same-origin',
          'sec-fetch-mode': 'cors',
          'sec-fetch-dest': 'empty',
          ...headers,
        },
      },
      (response) => {
        const events: StreamedEvent[] = []
        let text = ''
        let beats = 0
        let closed = false
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            const block = text.slice(0, end)
            text = text.slice(end + 2)
            if (block.startsWith(':')) beats++
            else if (block.includes('event: ')) events.push(read(block))
          }
        })
        response.on('error', () => {})
        response.on('close', () => (closed = true))
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          events,
          beats: () => beats,
          isClosed: () => closed,
          pause: () => void response.pause(),
          resume: () => void response.resume(),
          close: () => void asked.destroy(),
        })
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

function read(block: string): StreamedEvent {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  )
  return {
    id: fields.get('id'),
    event: fields.get('event') ?? '',
    data: JSON.parse(fields.get('data') ?? '{}') as StreamedEvent['data'],
  }
}
