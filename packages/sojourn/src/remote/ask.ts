import type { ClientSettings } from './options.ts'
import { RemoteError } from './remote-error.ts'

/** An answer, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * One question within one deadline. Where no connection was had it is asked once more, since a server that restarts or a
 * connection that was kept for too long answers the second time; an answer, and a deadline, stand.
 */
export async function ask(
  { url, timeout, fetch }: ClientSettings,
  path: string,
  request: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  },
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeout)
  const send = async (): Promise<Answer> => {
    const response = await fetch(url + path, { ...request, redirect: 'manual', signal })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  try {
    return await send().catch((error: unknown) => {
      if (signal.aborted) throw error
      return send()
    })
  } catch (cause) {
    if (signal.aborted) throw new RemoteError('timeout', `no answer within ${timeout} ms`, { cause })
    throw new RemoteError('unreachable', 'the server cannot be reached', { cause })
  }
}
