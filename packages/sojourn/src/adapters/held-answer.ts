import type { ServerResponse } from 'node:http'
import { SessionError } from '../core/errors.ts'

const held = ['writeHead', 'flushHeaders', 'write', 'end'] as const
const sealed = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader'] as const
type Method = (this: ServerResponse, ...args: unknown[]) => unknown
type Methods = { [name in (typeof held)[number] | (typeof sealed)[number]]: Method }
interface Call {
  readonly name: (typeof held)[number]
  readonly args: readonly unknown[]
}

export type Save = () => Promise<void> | undefined

/**
 * A response that leaves when its session is saved: no byte of it goes out before. What the handler does meanwhile is
 * queued, and looks to the handler as if it had left. Made only for answers that change a session; the others cost nothing.
 */
export class HeldAnswer {
  readonly #response: ServerResponse
  readonly #save: Save
  readonly #failed: (error: unknown) => void
  readonly #own: Methods
  /** `refused`: another answer was given in its place; whatever the handler still sends goes nowhere. */
  #state: 'open' | 'held' | 'refused' = 'open'
  #queue: Call[] = []
  /** The status as it was when the handler began its answer. */
  #status = { statusCode: 200, statusMessage: '' }
  #sealed = false
  #unsaved = false
  #saving = false
  #ended = false

  /** `failed` answers in place of the handler where `save` fails. */
  constructor(response: ServerResponse, save: Save, failed: (error: unknown) => void) {
    this.#response = response
    this.#save = save
    this.#failed = failed
    const methods = response as unknown as Methods
    this.#own = Object.fromEntries([...held, ...sealed].map((name) => [name, methods[name]])) as Methods
    for (const name of held) methods[name] = (...args) => this.#called({ name, args })
    for (const name of sealed) methods[name] = (...args) => this.#changed(name, args)
    Object.defineProperties(response, {
      headersSent: { configurable: true, get: () => this.#sealed || this.#really('headersSent') },
      writableEnded: { configurable: true, get: () => this.#ended || this.#really('writableEnded') },
    })
  }

  /** Keeps what is not yet sent until it is saved. Throws `response_started` where it is too late for it. */
  hold(setsCookie: boolean): void {
    if (this.#response.writableEnded || (setsCookie && this.#really('headersSent')))
      throw new SessionError(
        'response_started',
        'the answer has left already: log in, log out and write to the session before it',
      )
    this.#state = 'held'
    this.#unsaved = true
  }

  /** What Node says, whatever the handler is told. */
  #really(name: 'headersSent' | 'writableEnded'): boolean {
    return Reflect.get(Object.getPrototypeOf(this.#response) as object, name, this.#response) as boolean
  }

  #called(call: Call): unknown {
    if (this.#state === 'open') return this.#send(call)
    if (this.#state === 'refused') return this.#drop(call)
    if (call.name === 'writeHead') this.#mustBeUnsealed(call.name)
    const { statusCode, statusMessage } = this.#response
    if (this.#queue.length === 0) this.#status = { statusCode, statusMessage }
    this.#queue.push(call)
    this.#sealed = true
    this.#ended ||= call.name === 'end'
    if (!this.#saving) this.#release().catch(() => this.#response.destroy())
    return call.name === 'write' ? false : this.#response
  }

  /** Adds what the session has to say; the handler's part of the headers stays as it is. */
  appendHeader(name: string, value: string): void {
    const sealed = this.#sealed
    this.#sealed = false
    this.#own.appendHeader.call(this.#response, name, value)
    this.#sealed = sealed
  }

  #changed(name: (typeof sealed)[number], args: readonly unknown[]): unknown {
    this.#mustBeUnsealed(name)
    return this.#own[name].apply(this.#response, [...args])
  }

  #mustBeUnsealed(name: string): void {
    if (!this.#sealed) return
    throw Object.assign(new Error(`Cannot ${name} after headers are sent to the client`), {
      code: 'ERR_HTTP_HEADERS_SENT',
    })
  }

  async #release(): Promise<void> {
    try {
      this.#saving = true
      while (this.#unsaved) {
        this.#unsaved = false
        await this.#save()
      }
      this.#saving = false
      this.#replay()
    } catch (error) {
      this.#open()
      this.#failed(error)
      this.#state = 'refused'
    }
  }

  #replay(): void {
    const queue = this.#queue
    this.#open()
    if (!this.#response.headersSent) Object.assign(this.#response, this.#status)
    for (const call of queue) this.#send(call)
    if (!this.#response.writableEnded && !this.#response.writableNeedDrain) this.#response.emit('drain')
  }

  #open(): void {
    this.#queue = []
    this.#state = 'open'
    this.#sealed = false
    this.#ended = false
  }

  #send({ name, args }: Call): unknown {
    const response = this.#response
    if (name !== 'writeHead' || response.headersSent) return this.#own[name].apply(response, [...args])
    // Whatever the handler says, no cache keeps an answer that carries a session's cookie.
    this.#own.setHeader.call(response, 'Cache-Control', 'no-store')
    return this.#own.writeHead.apply(response, args.map(withoutCacheControl))
  }

  #drop({ name, args }: Call): unknown {
    const done = args.at(-1)
    if (typeof done === 'function') process.nextTick(done)
    return name === 'write' ? true : this.#response
  }
}

/** Headers as `writeHead` takes them: an object, or a list of names and values in turn. */
function withoutCacheControl(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return headers
  const isOther = (name: unknown): boolean => String(name).toLowerCase() !== 'cache-control'
  if (!Array.isArray(headers))
    return Object.fromEntries(Object.entries(headers).filter(([name]) => isOther(name)))
  const list: readonly unknown[] = headers.flat()
  return list.filter((_, index) => isOther(list[index - (index % 2)]))
}
