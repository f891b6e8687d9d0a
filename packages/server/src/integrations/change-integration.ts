import type { Parts } from '../parts.ts'
import type { IntegrationChange } from './integrations.ts'
import type { Integration } from './integration.ts'

type Changing = Pick<Parts, 'integrations' | 'integrationSessions' | 'sessions' | 'log'>

/** Makes one, and says so in the log. */
export async function createIntegration(
  { integrations, log }: Changing,
  input: Pick<Integration, 'kind' | 'name' | 'enabled' | 'settings'>,
  by: string,
): Promise<Integration> {
  const made = await integrations.create(input)
  const { id: integration, kind, enabled } = made
  log.info({ event: 'integration.created', integration, kind, enabled, by }, 'integration.created')
  return made
}

/**
 * Changes one, where it still is as it was `seen`. Where it is disabled by it, the sessions that it began end, on all nodes:
 * first its word stops counting, then they end, so that none begins between the two.
 */
export async function changeIntegration(
  parts: Changing,
  before: Integration,
  change: IntegrationChange,
  { seen, by }: { readonly seen: number; readonly by: string },
): Promise<{ readonly integration: Integration; readonly ended: number } | undefined> {
  const { integrations, integrationSessions, sessions, log } = parts
  const { id } = before
  const integration = await integrations.change(id, seen, change)
  if (integration === undefined) return undefined
  const ended = integration.enabled ? 0 : await integrationSessions.endAll(sessions, id, by)
  const { kind, enabled } = integration
  const changed = changedBetween(before, integration)
  log.info(
    { event: 'integration.changed', integration: id, kind, enabled, changed, ended, by },
    'integration.changed',
  )
  return { integration, ended }
}

/** Removes one, and ends the sessions that it began. `undefined`: it was gone already. */
export async function removeIntegration(
  { integrations, integrationSessions, sessions, log }: Changing,
  { id, kind }: Integration,
  by: string,
): Promise<{ readonly ended: number } | undefined> {
  if (!(await integrations.remove(id))) return undefined
  const ended = await integrationSessions.endAll(sessions, id, by)
  log.info({ event: 'integration.removed', integration: id, kind, ended, by }, 'integration.removed')
  return { ended }
}

/** The names of what is another now, never a value: it may be a secret. */
function changedBetween(before: Integration, after: Integration): readonly string[] {
  const own = (['name', 'enabled'] as const).filter((key) => before[key] !== after[key])
  const [old, now] = [new Map(Object.entries(before.settings)), new Map(Object.entries(after.settings))]
  const keys = new Set([...old.keys(), ...now.keys()])
  const settings = [...keys].filter((key) => JSON.stringify(old.get(key)) !== JSON.stringify(now.get(key)))
  return [...own, ...settings.map((key) => `settings.${key}`)]
}
