import type { ServerName } from '../contestants/index.ts'
import { Child } from '../process/child.ts'
import type { Contestant, Sample } from '../rounds.ts'
import type { LoadAnswer, LoadQuestion } from './load.ts'
import { logIn } from './log-in.ts'
import type { ServerQuestion } from './server.ts'

export interface HttpContestant extends Contestant {
  close(): void
}

const people = 2_000
const connections = 64

/** A server in a process of its own, asked by `load`, another process, as so many people who are logged in. */
export async function httpContestant(name: ServerName, load: Child): Promise<HttpContestant> {
  const server = new Child(0, '../http/server.ts', name)
  const ask = (question: ServerQuestion): Promise<number> => server.ask<number>(question)
  try {
    const port = await ask('port')
    const cookies = await logIn(port, people)
    return {
      name,
      async measure(seconds): Promise<Sample> {
        const before = await ask('cpu')
        const question: LoadQuestion = { port, cookies, connections, seconds }
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
