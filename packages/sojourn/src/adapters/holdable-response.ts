import type { ServerResponse } from 'node:http'
import { SessionError } from '../core/errors.ts'

const sending = ['writeHead', 'flushHeaders', 'write', 'end'] as const
const changing = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader'] as const
type Sending = (typeof sending)[number]
type Changing = (typeof changing)[number]
type Method = (this: ServerResponse, ...args: unknown[]) => unknown
type Methods = { [name in Sending | Changing]: Method }
interface Call {
  readonly name: Sending
  readonly args: readonly unknown[]
}

/** What holds a response, for the methods that send: responses share those, since four functions a request are dear. */
const holder = Symbol('holder')
type Held = ServerResponse & { [holder]: HoldableResponse | undefined }
const shared: { readonly [name in Sending]: Method } = {
  writeHead(...args) {
    return (this as Held)[holder]?.called('writeHead', args)
  },
  flushHeaders(...args) {
    return (this as Held)[holder]?.called('flushHeaders', args)
  },
  write(...args) {
    return (this as Held)[holder]?.called('write', args)
  },
  end(...args) {
    return (this as Held)[holder]?.called('end', args)
  },
}
const nothing = {}
const nobody = (): void => {}

/** Puts what is to be in the store into it; `undefined`: there was nothing. */
export type Save = () => Promise<void> | undefined

/**
 * A response that can be made to wait for its session: no byte of it leaves before the save. What the handler sends
 * meanwhile is queued, and looks to the handler as if it had left. The methods that send are wrapped from the start, since
 * `response.end(await page())` looks up `end` before the session changes.
 */
export class HoldableResponse {
  readonly #response: ServerResponse
  readonly #methods: Methods
  readonly #own: { readonly [name in Sending]: Method }
  /** `refused`: another answer was given in its place; whatever the handler still sends goes nowhere. */
  #state: 'open' | 'held' | 'refused' = 'open'
  #save: Save | undefined
  #failed: (error: unknown) => void = nobody
  #queue: Call[] = []
  /** The status as it was when the handler began its answer. */
  #status: object = nothing
  #sealed = false
  #unsaved = false
  #saving = false
  #ended = false

  constructor(response: ServerResponse) {
    this.#response = response
    const methods = response as unknown as Methods
    this.#methods = methods
    const { writeHead, flushHeaders, write, end } = methods
    this.#own = { writeHead, flushHeaders, write, end }
    const held = response as Held
    // Where two hold one response, as in an application with two realms, the shared methods go on to mean the first.
    const mine = held[holder] === undefined ? shared : this.#methodsOfItsOwn()
    held[holder] ??= this
    methods.writeHead = mine.writeHead
    methods.flushHeaders = mine.flushHeaders
    methods.write = mine.write
    methods.end = mine.end
  }

  /**
   * Keeps what is not yet sent until `save` is done; where that fails, `failed` answers in place of the handler. Throws
   * `response_started` where it is too late for it.
   */
  hold(setsCookie: boolean, save: Save, failed: (error: unknown) => void): void {
    if (this.#response.writableEnded || (setsCookie && this.#really('headersSent')))
      throw new SessionError(
        'response_started',
        'the answer has left already: log in, log out and write to the session before it',
      )
    if (this.#save === undefined) this.#seal()
    this.#save = save
    this.#failed = failed
    this.#state = 'held'
    this.#unsaved = true
  }

  /** Adds what the session has to say; the handler's part of the headers stays as it is. */
  appendHeader(name: string, value: string): void {
    const sealed = this.#sealed
    this.#sealed = false
    add(this.#response, name, value)
    this.#sealed = sealed
  }

  #methodsOfItsOwn(): typeof shared {
    return {
      writeHead: (...args) => this.called('writeHead', args),
      flushHeaders: (...args) => this.called('flushHeaders', args),
      write: (...args) => this.called('write', args),
      end: (...args) => this.called('end', args),
    }
  }

  /** From now on the response looks as if it had left as soon as the handler has begun to send it. */
  #seal(): void {
    for (const name of changing) {
      const own = this.#methods[name]
      this.#methods[name] = (...args) => {
        this.#mustBeUnsealed(name)
        return own.apply(this.#response, args)
      }
    }
    Object.defineProperties(this.#response, {
      headersSent: { configurable: true, get: () => this.#sealed || this.#really('headersSent') },
      writableEnded: { configurable: true, get: () => this.#ended || this.#really('writableEnded') },
    })
  }

  /** What Node says, whatever the handler is told. */
  #really(name: 'headersSent' | 'writableEnded'): boolean {
    return Reflect.get(Object.getPrototypeOf(this.#response) as object, name, this.#response) as boolean
  }

  #mustBeUnsealed(name: string): void {
    if (!this.#sealed) return
    throw Object.assign(new Error(`Cannot ${name} after headers are sent to the client`), {
      code: 'ERR_HTTP_HEADERS_SENT',
    })
  }

  /** A method that sends was called. */
  called(name: Sending, args: readonly unknown[]): unknown {
    if (this.#state === 'open') return this.#send(name, args)
    if (this.#state === 'refused') return this.#drop(name, args)
    if (name === 'writeHead') this.#mustBeUnsealed(name)
    if (this.#queue.length === 0) this.#status = statusOf(this.#response)
    this.#queue.push({ name, args })
    this.#sealed = true
    this.#ended ||= name === 'end'
    if (!this.#saving) this.#release().catch(() => this.#response.destroy())
    return name === 'write' ? false : this.#response
  }

  async #release(): Promise<void> {
    try {
      this.#saving = true
      while (this.#unsaved) {
        this.#unsaved = false
        await this.#save?.()
      }
      this.#saving = false
      this.#replay()
    } catch (error) {
      this.#refuse(error)
    }
  }

  #refuse(error: unknown): void {
    const queue = this.#queue
    this.#open()
    this.#failed(error)
    this.#state = 'refused'
    for (const { name, args } of queue) this.#drop(name, args)
    // Whoever waits to write goes on, into nothing.
    this.#response.emit('drain')
  }

  #replay(): void {
    const queue = this.#queue
    this.#open()
    if (!this.#response.headersSent) Object.assign(this.#response, this.#status)
    for (const { name, args } of queue) this.#send(name, args)
    if (!this.#response.writableEnded && !this.#response.writableNeedDrain) this.#response.emit('drain')
  }

  #open(): void {
    this.#queue = []
    this.#state = 'open'
    this.#sealed = false
    this.#ended = false
  }

  #send(name: Sending, args: readonly unknown[]): unknown {
    if (name === 'writeHead' && this.#save !== undefined && !this.#response.headersSent) {
      // Whatever the handler says, no cache keeps an answer that changed a session.
      this.#response.setHeader('Cache-Control', 'no-store')
      return this.#own.writeHead.apply(this.#response, args.map(withoutCacheControl))
    }
    return this.#own[name].apply(this.#response, args as unknown[])
  }

  #drop(name: Sending, args: readonly unknown[]): unknown {
    const done = args.at(-1)
    if (typeof done === 'function') process.nextTick(done)
    return name === 'write' ? true : this.#response
  }
}

/** Where there is nothing to append to, setting costs Node half as much; most requests go this way, twice. */
function add(response: ServerResponse, name: string, value: string): void {
  if (response.hasHeader(name)) response.appendHeader(name, value)
  else response.setHeader(name, value)
}

/** The words only where they were set: HTTP/2 has none, and warns of them. */
function statusOf(response: ServerResponse): object {
  const { statusCode } = response
  return Object.hasOwn(response, 'statusMessage')
    ? { statusCode, statusMessage: response.statusMessage }
    : { statusCode }
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
