import { picklist, strictObject } from 'valibot'
import { refuse } from '../answer.ts'
import { jobsSchema } from '../api/event-schemas.ts'
import type { JobState } from '../jobs/jobs.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

const path = '/api/v1/admin/jobs'
const ranSchema = strictObject({ outcome: picklist(['done', 'failed', 'busy', 'lost']) })

export const apiAdminJobsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: 'super-admin',
    api: { summary: 'The jobs of this server, and how each ran last.', answers: { 200: jobsSchema } },
    handle: list,
  },
  {
    method: 'POST',
    path: `${path}/:id/run`,
    access: 'super-admin',
    api: {
      summary: 'Runs a job at once, due or not. `busy`: another node is at it.',
      answers: { 200: ranSchema },
    },
    handle: run,
  },
]

async function list(asked: Asked, { jobs }: Parts): Promise<Response> {
  return asked.json({ jobs: (await jobs.states()).map(jobView) })
}

async function run(asked: Asked, { jobs, log }: Parts): Promise<Response> {
  const name = asked.req.param('id') ?? ''
  const by = signedIn(asked).id
  const outcome = await jobs.run(name)
  if (outcome === undefined) return refuse(asked, 404, 'not_found', 'There is no such job.')
  log.info({ event: 'job.run', by, job: name, outcome }, 'an administrator ran a job')
  return asked.json({ outcome })
}

export function jobView({ name, says, every, last }: JobState) {
  return {
    name,
    says,
    every,
    running: last?.isRunning ?? false,
    node: last?.node ?? null,
    started_at: last?.startedAt ?? null,
    ended_at: last?.endedAt ?? null,
    took: last?.took ?? null,
    rows: last?.rows ?? null,
    said: last?.said ?? null,
    error: last?.error ?? null,
    next_at: last?.nextAt ?? null,
  }
}
