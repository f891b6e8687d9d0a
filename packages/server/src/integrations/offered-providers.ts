import type { Parts } from '../parts.ts'
import type { Provider } from '../pages/login.ts'
import { samlPath } from './saml.ts'

/** The identity providers that the sign-in page offers. Learning platforms are not among them: they begin by themselves. */
export async function offeredProviders({
  integrations,
}: Pick<Parts, 'integrations'>): Promise<readonly Provider[]> {
  const all = await integrations.ofKind('saml')
  return all.map(({ id, name }) => ({ name, address: samlPath(id) }))
}
