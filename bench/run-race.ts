import { servers, type LoopName, type ServerName } from './contestants/index.ts'
import { httpContestant } from './http/http-contestant.ts'
import { loopContestant } from './loop/loop-contestant.ts'
import { Child } from './process/child.ts'
import type { ContestantName, Race } from './races.ts'
import { startServices } from './private-servers.ts'
import { type Contestant, type Result, type RoundsOptions, runRounds } from './rounds.ts'

type Closable = Contestant & { close(): void }

/** Starts the contestants of a race, each in its own process, runs the rounds, and stops them. */
export async function runRace(race: Race, options: RoundsOptions): Promise<readonly Result[]> {
  const services = await startServices(race.services)
  const load = new Child(1, '../http/load.ts')
  const contestants: Closable[] = []
  try {
    for (const name of race.names) contestants.push(await open(name, load))
    return await runRounds(contestants, options)
  } finally {
    for (const contestant of contestants) contestant.close()
    load.stop()
    await services.stop()
  }
}

function open(name: ContestantName, load: Child): Closable | Promise<Closable> {
  return name in servers ? httpContestant(name as ServerName, load) : loopContestant(name as LoopName)
}
