/** A process that puts load on a server and counts its answers. Asked with `LoadQuestion`, it answers `LoadAnswer`. */
import { answerParent } from '../process/answer.ts'
import { Connection } from './connection.ts'
import type { Requests } from './requests.ts'

export interface LoadQuestion extends Requests {
  readonly port: number
  readonly seconds: number
}

export interface LoadAnswer {
  readonly answers: number
  /** Answers whose status was not the expected one, by status. */
  readonly refused: { readonly [status: string]: number }
  readonly seconds: number
  /** The share of the time in which this process had answers to read: near 1 it is what limits the figures. */
  readonly busy: number
}

async function load(question: LoadQuestion): Promise<LoadAnswer> {
  const { port, texts, once, status: expected, connections, seconds } = question
  let answers = 0
  let sent = 0
  const nextText = (): string | undefined =>
    once ? texts[sent++] : texts[Math.floor(Math.random() * texts.length)]
  const refused: Record<string, number> = {}
  const answered = (status: number): void => {
    answers++
    if (status !== expected) refused[status] = (refused[status] ?? 0) + 1
  }
  const open = Array.from({ length: connections }, () => new Connection(port, nextText, answered))
  await Promise.all(open.map(({ opened }) => opened))
  const start = performance.now()
  for (const connection of open) connection.send()
  const busy = await stayAwake(seconds * 1_000, () => answers, once ? texts.length : Infinity)
  const elapsed = performance.now() - start
  const result = { answers, refused, seconds: elapsed / 1_000, busy: busy / elapsed }
  for (const connection of open) connection.close()
  return result
}

/**
 * Turns the event loop for so many milliseconds without ever sleeping. Otherwise each answer would wake this process, which
 * on one machine is work of the server's, and the more of it the slower the server is. Resolves to the milliseconds of those
 * turns in which something came. It ends sooner with the last answer of `most`.
 */
function stayAwake(millis: number, count: () => number, most: number): Promise<number> {
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
      if (now >= end || known >= most) resolve(busy)
      else setImmediate(turn)
    }
    turn()
  })
}

answerParent(load)
