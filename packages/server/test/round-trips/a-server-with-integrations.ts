import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Database, openDatabase } from '../../src/database/open-database.ts'
import { Integrations } from '../../src/integrations/integrations.ts'
import { aFolder, aServer, type Given, type RunningTest } from '../a-server.ts'
import { site } from './from-elsewhere.ts'

export interface IntegratedTest extends RunningTest {
  /** The tables of the server, by a connection of the test's own. */
  readonly database: Database
  readonly integrations: Integrations
}

/** A server whose integrations the test writes itself. */
export async function aServerWithIntegrations(t: TestContext, given: Given = {}): Promise<IntegratedTest> {
  const location = given.env?.['SOJOURN_DATABASE'] ?? `sqlite:${join(await aFolder(t), 'server.db')}`
  const env = { SOJOURN_URL: site, ...given.env, SOJOURN_DATABASE: location }
  const server = await aServer(t, { ...given, env })
  const database = await openDatabase(location)
  t.after(() => database.destroy())
  return { ...server, database, integrations: new Integrations(database, server.clock) }
}
