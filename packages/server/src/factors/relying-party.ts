import type { Config } from '../config.ts'

/** What passkeys are bound to: from the settings, never from a request, whose word for its host is its sender's. */
export function relyingParty({ url }: Pick<Config, 'url'>): { readonly id: string; readonly origin: string } {
  const { hostname, origin } = new URL(url)
  return { id: hostname, origin }
}
