import { connect, type Socket } from 'node:net'
import type { MemcachedClient } from 'sojourn/stores/memcached'
import type { Server } from './store-place.ts'

/** How long nothing may come of what was asked before the connection is given up, in milliseconds. */
const silence = 3_000

const line = '\r\n'

interface Stored {
  readonly value: string
  readonly casUniq: string
}

/** What was asked and is not answered yet. Answers come in the order of the questions. */
interface Asked {
  readonly found: Map<string, Stored>
  readonly settle: (said: string, found: ReadonlyMap<string, Stored>) => boolean
  readonly fail: (error: Error) => void
}

/**
 * One connection to one Memcached, by its text protocol: what is asked at once goes out at once. It connects when something
 * is asked. When the connection breaks or falls silent, what was under way fails, and the next question connects anew:
 * nothing is sent twice, since it may have been carried out.
 */
export class MemcachedConnection implements MemcachedClient {
  readonly #server: Server
  #socket: Socket | undefined
  #asked: Asked[] = []
  #rest: Buffer = Buffer.alloc(0)
  #patience: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(server: Server) {
    this.#server = server
  }

  async gets(keys: string[]): Promise<{ readonly [key: string]: Stored }> {
    if (keys.length === 0) return {}
    return await this.#ask(`gets ${keys.join(' ')}${line}`, (said, found) =>
      said === 'END' ? Object.fromEntries(found) : undefined,
    )
  }

  async add(key: string, value: string, { lifetime }: { readonly lifetime: number }): Promise<boolean> {
    return await this.#store(`add ${key} 0 ${lifetime} ${Buffer.byteLength(value)}`, value)
  }

  async cas(
    key: string,
    value: string,
    { lifetime, casUniq }: { readonly lifetime: number; readonly casUniq: string | number },
  ): Promise<boolean> {
    return await this.#store(`cas ${key} 0 ${lifetime} ${Buffer.byteLength(value)} ${casUniq}`, value)
  }

  close(): void {
    this.#isClosed = true
    this.#socket?.destroy()
    if (this.#socket !== undefined) this.#lose(this.#socket, new Error('the client is closed'))
  }

  #store(command: string, value: string): Promise<boolean> {
    return this.#ask(`${command}${line}${value}${line}`, (said) =>
      said === 'STORED' ? true : /^(?:NOT_STORED|EXISTS|NOT_FOUND)$/.test(said) ? false : undefined,
    )
  }

  /** Sends a command; `read` makes the result of the last line of its answer, or says by `undefined` that it is an error. */
  #ask<T>(
    command: string,
    read: (said: string, found: ReadonlyMap<string, Stored>) => T | undefined,
  ): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Error('the client is closed'))
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#asked.push({
      found: new Map(),
      fail: reject,
      settle(said, found) {
        const result = read(said, found)
        if (result === undefined) reject(new Error(said.slice(0, 200)))
        else resolve(result)
        // After another error it is not known where the next answer begins.
        return result !== undefined || said.startsWith('SERVER_ERROR ')
      },
    })
    this.#socket ??= this.#connect()
    this.#patience ??= setTimeout(() => this.#giveUp(), silence)
    this.#socket.write(command)
    return promise
  }

  #connect(): Socket {
    const { host, port } = this.#server
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    socket.on('error', (error) => this.#lose(socket, error))
    socket.on('close', () => this.#lose(socket, new Error('the connection was closed')))
    socket.on('data', (data) => {
      if (socket === this.#socket) this.#read(socket, data)
    })
    return socket
  }

  #read(socket: Socket, data: Buffer): void {
    this.#patience?.refresh()
    const all = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data])
    let from = 0
    for (;;) {
      const [first] = this.#asked
      const end = all.indexOf(line, from)
      if (end < 0 || first === undefined) break
      const said = all.toString('latin1', from, end)
      const value = valueIn(said)
      const next = end + line.length + (value === undefined ? 0 : value.length + line.length)
      if (all.length < next) break
      from = next
      if (value !== undefined) {
        const text = all.toString('utf8', next - line.length - value.length, next - line.length)
        first.found.set(value.key, { value: text, casUniq: value.casUniq })
        continue
      }
      this.#asked.shift()
      if (!first.settle(said, first.found)) return this.#drop(socket)
    }
    this.#rest = all.subarray(from)
    if (this.#asked.length > 0) return
    this.#stopWaiting()
    // What nobody asked for would be taken for the next answer.
    if (this.#rest.length > 0) this.#drop(socket)
  }

  #drop(socket: Socket): void {
    socket.destroy()
    this.#lose(socket, new Error('the connection was given up after what it said'))
  }

  #giveUp(): void {
    this.#socket?.destroy(new Error(`Memcached said nothing for ${silence} ms`))
  }

  /** What was under way on that connection fails; the next question makes another. */
  #lose(socket: Socket, error: Error): void {
    if (socket !== this.#socket) return
    this.#socket = undefined
    this.#rest = Buffer.alloc(0)
    this.#stopWaiting()
    const lost = this.#asked
    this.#asked = []
    for (const { fail } of lost) fail(error)
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience)
    this.#patience = undefined
  }
}

/** `VALUE <key> <flags> <bytes> <token>` comes before so many bytes. */
function valueIn(
  said: string,
): { readonly key: string; readonly length: number; readonly casUniq: string } | undefined {
  const [, key, bytes, casUniq] = /^VALUE (\S+) \d+ (\d+) (\d+)$/.exec(said) ?? []
  if (key === undefined || bytes === undefined || casUniq === undefined) return undefined
  return { key, length: Number(bytes), casUniq }
}
