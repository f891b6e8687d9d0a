import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** `delays`: everything is late by 100 ms. `drops`: nothing arrives, and nobody is told. `cuts`: connections break, and none is let in. */
export type LineMode = 'passes' | 'delays' | 'drops' | 'cuts'

/** A line to a server of the tests' own, on loopback, that can be made to fail as networks do. */
export class FaultyLine {
  readonly #server: Server
  readonly #ends = new Set<Socket>()
  #mode: LineMode = 'passes'

  private constructor(to: number) {
    this.#server = createServer((from) => this.#join(from, to))
  }

  static async to(port: number): Promise<FaultyLine> {
    const line = new FaultyLine(port)
    line.#server.listen(0, '127.0.0.1')
    await once(line.#server, 'listening')
    return line
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('A TCP address was expected')
    return address.port
  }

  set mode(mode: LineMode) {
    // What was dropped is missing from its connection for good.
    if (mode === 'cuts' || this.#mode === 'drops') this.#breakAll()
    this.#mode = mode
  }

  close(): void {
    this.#breakAll()
    this.#server.close()
  }

  #breakAll(): void {
    for (const end of this.#ends) end.destroy()
  }

  #join(from: Socket, port: number): void {
    if (this.#mode === 'cuts') return void from.destroy()
    const to = connect(port, '127.0.0.1')
    for (const [end, other] of [
      [from, to],
      [to, from],
    ] as const) {
      let last = Promise.resolve()
      this.#ends.add(end)
      end.on('error', () => end.destroy())
      end.on('close', () => {
        this.#ends.delete(end)
        other.destroy()
      })
      end.on('data', (chunk) => {
        if (this.#mode === 'drops') return
        const late = this.#mode === 'delays' ? wait(100) : undefined
        last = last.then(() => late).then(() => void (other.destroyed || other.write(chunk)))
      })
    }
  }
}
