import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { SecurityHeaders } from './security-headers.ts'

const statuses: { readonly [code: string]: string } = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** How long somebody who is answered and cut off may take the answer, in milliseconds. */
const lastWord = 1_000

/**
 * Answers what Node cannot read as HTTP, or not in time, with the headers of every other answer, and closes the connection,
 * whether the other side does or not. `told` hears the code of Node's error.
 */
export function answerMalformed(
  server: Server,
  headers: SecurityHeaders,
  told: (code: string) => void = () => {},
): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const code = error.code ?? ''
    if (code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    told(code)
    hangUp(socket, statuses[code] ?? '400 Bad Request', headers)
  })
}

/** Says a status and nothing else, and closes. */
export function hangUp(socket: Duplex, status: string, headers: SecurityHeaders): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status}\r\n${lines}Content-Length: 0\r\nConnection: close\r\n\r\n`)
  const timer = setTimeout(() => socket.destroy(), lastWord).unref()
  socket.once('close', () => clearTimeout(timer))
}
