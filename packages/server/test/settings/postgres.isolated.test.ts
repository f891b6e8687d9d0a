import { onPostgres } from '../on-servers.ts'
import { settingsOnNodes } from './nodes.ts'

onPostgres('settings on PostgreSQL', ({ run, database }) => settingsOnNodes(run, 'postgres', database))
