import type { ServerName } from '../contestants/index.ts'
import { Child } from '../process/child.ts'
import type { Contestant, Sample } from '../rounds.ts'
import type { LoadAnswer, LoadQuestion } from './load.ts'
import { logIn } from './log-in.ts'
import { pageOf, type Requests } from './requests.ts'
import type { ServerQuestion } from './server.ts'

export interface HttpContestant extends Contestant {
  close(): void
}

const people = 2_000

/** A server in a process of its own, asked by `load`, another process, as so many people who are logged in. */
export async function httpContestant(name: ServerName, load: Child): Promise<HttpContestant> {
  const server = new Child(0, '../http/server.ts', name)
  const ask = <T = number>(question: ServerQuestion): Promise<T> => server.ask<T>(question)
  try {
    const port = await ask('port')
    const first = await ask<Requests | null>('requests')
    const page = first === null ? pageOf(await logIn(port, people)) : undefined
    return {
      name,
      async measure(seconds): Promise<Sample> {
        const requests = page ?? (await ask<Requests>('requests'))
        const before = await ask('cpu')
        const question: LoadQuestion = { port, ...requests, seconds }
        const answer = await load.ask<LoadAnswer>(question)
        const cpuSeconds = (await ask('cpu')) - before
        refuseFaults(name, answer)
        return { operations: answer.answers, seconds: answer.seconds, cpuSeconds, loadBusy: answer.busy }
      },
      close: () => server.stop(),
    }
  } catch (error) {
    server.stop()
    throw error
  }
}

/** A figure for answers that are not the right ones would be worth nothing. */
function refuseFaults(name: string, { answers, refused }: LoadAnswer): void {
  const [fault] = Object.entries(refused)
  if (fault !== undefined)
    throw new Error(`${name} answered ${fault[0]} to ${fault[1]} of ${answers} requests`)
}
