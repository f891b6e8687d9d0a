import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { novaJobs } from '../pages/nova-jobs.ts'
import type { Asked, Parts } from '../parts.ts'
import { countDead } from '../webhooks/deliveries.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

const path = '/nova/jobs'

export const novaJobsRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'super-admin', handle: show },
  { method: 'POST', path: `${path}/:id/run`, access: 'super-admin', body: 'form', handle: run },
]

async function show(asked: Asked, { jobs, database, sessions }: Parts): Promise<Response> {
  const [states, dead] = await Promise.all([jobs.states(), countDead(database)])
  return pageAnswer(asked, novaJobs({ ...frameOf(asked), now: sessions.now(), jobs: states, dead }))
}

async function run(asked: Asked, { jobs, log }: Parts): Promise<Response> {
  const name = asked.req.param('id') ?? ''
  const outcome = await jobs.run(name)
  if (outcome === undefined) return refuse(asked, 404, 'not_found', 'There is no such job.')
  const by = signedIn(asked).id
  log.info({ event: 'job.run', by, job: name, outcome }, 'an administrator ran a job')
  return seeOther(asked, path)
}
