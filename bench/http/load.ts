/** A process that puts load on a server and counts its answers. Asked with `LoadQuestion`, it answers `LoadAnswer`. */
import { answerParent } from '../process/answer.ts'
import { Connection } from './connection.ts'

export interface LoadQuestion {
  readonly port: number
  /** Each request carries a random one. */
  readonly cookies: readonly string[]
  readonly connections: number
  readonly seconds: number
}

export interface LoadAnswer {
  readonly answers: number
  /** Answers whose status was not 200, by status. */
  readonly refused: { readonly [status: string]: number }
  readonly seconds: number
  /** The share of the time in which this process had answers to read: near 1 it is what limits the figures. */
  readonly busy: number
}

async function load({ port, cookies, connections, seconds }: LoadQuestion): Promise<LoadAnswer> {
  const requests = cookies.map(
    (cookie) => `GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nCookie: ${cookie}\r\n\r\n`,
  )
  const anyRequest = (): string => requests[Math.floor(Math.random() * requests.length)] ?? ''
  let answers = 0
  const refused: Record<string, number> = {}
  const answered = (status: number): void => {
    answers++
    if (status !== 200) refused[status] = (refused[status] ?? 0) + 1
  }
  const open = Array.from({ length: connections }, () => new Connection(port, anyRequest, answered))
  await Promise.all(open.map(({ opened }) => opened))
  const start = performance.now()
  for (const connection of open) connection.send()
  const busy = await stayAwake(seconds * 1_000, () => answers)
  const elapsed = performance.now() - start
  const result = { answers, refused, seconds: elapsed / 1_000, busy: busy / elapsed }
  for (const connection of open) connection.close()
  return result
}

/**
 * Turns the event loop for so many milliseconds without ever sleeping. Otherwise each answer would wake this process, which
 * on one machine is work of the server's, and the more of it the slower the server is. Resolves to the milliseconds of those
 * turns in which something came.
 */
function stayAwake(millis: number, count: () => number): Promise<number> {
  const end = performance.now() + millis
  return new Promise((resolve) => {
    let busy = 0
    let before = performance.now()
    let known = count()
    const turn = (): void => {
      const now = performance.now()
      if (count() > known) busy += now - before
      before = now
      known = count()
      if (now >= end) resolve(busy)
      else setImmediate(turn)
    }
    turn()
  })
}

answerParent(load)
