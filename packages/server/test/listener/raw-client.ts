import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection to a server, and what was heard of it. */
export interface RawClient {
  readonly socket: Socket
  heard(): string
  /** Resolves once the other side has closed it. */
  readonly closed: Promise<void>
}

export async function connectTo(origin: string): Promise<RawClient> {
  const socket = connect({ port: Number(new URL(origin).port), host: '127.0.0.1' })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await Promise.race([once(socket, 'connect'), closed])
  return { socket, heard: () => text, closed }
}

/** Sends a byte every few milliseconds, for as long as the other side takes any. */
export function drip({ socket, closed }: RawClient, byte: string, every = 5): Promise<void> {
  const timer = setInterval(() => void (socket.writable && socket.write(byte)), every)
  return closed.finally(() => clearInterval(timer))
}

/** The beginning of a sign-in whose body is to come. */
export const signInHead = (length: number): string =>
  `POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n`
