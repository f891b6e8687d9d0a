import { connect, type Socket } from 'node:net'

/** Tells where the answers in a stream of HTTP/1.1 end. It knows what the servers here send, and no more of HTTP. */
export class AnswerReader {
  #text = ''

  /** Takes what came; returns the status of the answer that is now whole, or `undefined`. */
  push(text: string): number | undefined {
    this.#text = this.#text === '' ? text : this.#text + text
    const body = this.#text.indexOf('\r\n\r\n') + 4
    if (body === 3 || this.#text.length < this.#end(body)) return undefined
    const status = Number(this.#text.slice(9, 12))
    this.#text = ''
    return status
  }

  #end(body: number): number {
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#text)?.[1]
    if (length !== undefined) return body + Number(length)
    return this.#text.endsWith('\r\n0\r\n\r\n') ? this.#text.length : Infinity
  }
}

/** One keep-alive connection. It sends the next request when the answer to the last one is whole: nothing is pipelined. */
export class Connection {
  readonly #socket: Socket
  readonly #nextRequest: () => string | undefined
  readonly #answered: (status: number) => void
  readonly #reader = new AnswerReader()
  readonly opened: Promise<void>

  constructor(port: number, nextRequest: () => string | undefined, answered: (status: number) => void) {
    this.#nextRequest = nextRequest
    this.#answered = answered
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: Buffer.alloc(65_536), callback: (size, buffer) => this.#read(size, buffer) },
    })
    this.opened = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve)
      this.#socket.once('error', reject)
    })
  }

  /** Sends the next request, where there is one. */
  send(): void {
    const request = this.#nextRequest()
    if (request !== undefined) this.#socket.write(request, 'latin1')
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(size: number, buffer: Uint8Array): boolean {
    const status = this.#reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, size).toString('latin1'))
    if (status === undefined) return true
    this.#answered(status)
    this.send()
    return true
  }
}
