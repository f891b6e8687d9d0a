import { onPostgres } from '../on-servers.ts'
import { jobsOn } from './jobs-on.ts'

onPostgres('jobs on PostgreSQL', ({ run, database }) => jobsOn(run, 'postgres', database))
