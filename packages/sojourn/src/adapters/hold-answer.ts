import type { ServerResponse } from 'node:http'
import { SessionError } from '../core/errors.ts'
import type { Awaitable } from '../core/store.ts'

const held = ['writeHead', 'flushHeaders', 'write', 'end'] as const
type Held = (typeof held)[number]
type Method = (this: ServerResponse, ...args: unknown[]) => unknown

/**
 * Keeps a response from leaving until `save` is done: no byte goes out before the session is in the store. What the handler
 * does meanwhile is queued in order. Costs nothing for responses that have nothing to save, since it is put on only then.
 */
export function holdAnswer(
  response: ServerResponse,
  save: () => Awaitable<void>,
  failed: (error: unknown) => void,
): void {
  if (response.writableEnded)
    throw new SessionError(
      'response_started',
      'the answer has left already: write to the session before it, and await save() after',
    )
  const methods = response as unknown as Record<Held, Method>
  const own = Object.fromEntries(held.map((name) => [name, methods[name]])) as Record<Held, Method>
  const queue: (() => void)[] = []
  let saving = false

  const release = (): void => {
    for (const name of held) methods[name] = own[name]
  }
  const replay = (): void => {
    release()
    for (const call of queue) call()
    if (!response.writableEnded) response.emit('drain')
  }
  const refuse = (error: unknown): void => {
    release()
    failed(error)
  }
  const begin = (): void => {
    if (saving) return
    saving = true
    Promise.resolve(save())
      .then(replay, refuse)
      .catch((error: unknown) => response.destroy(asError(error)))
  }
  for (const name of held) {
    methods[name] = function (...args) {
      queue.push(() => own[name].apply(response, args))
      begin()
      return name === 'write' ? false : response
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
