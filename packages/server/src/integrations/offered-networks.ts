import type { Asked, Parts } from '../parts.ts'
import { settingsOf } from './integration-kind.ts'
import type { Integration } from './integration.ts'
import { ip } from './ip.ts'
import { networkAddress } from './network-address.ts'
import { standsIn } from './network-ranges.ts'

/** The networks that whoever asks stands in. */
export async function offeredNetworks(asked: Asked, parts: Parts): Promise<readonly Integration[]> {
  const address = networkAddress(asked, parts)
  if (address === null) return []
  const all = await parts.integrations.ofKind('ip')
  return all.filter((one) => standsIn(address, settingsOf(ip, one).ranges))
}

/** The one that lets in at once. Where there are several, the person says which it is. */
export function atOnce(offered: readonly Integration[]): Integration | undefined {
  const [first, ...others] = offered
  if (first === undefined || others.length > 0) return undefined
  return settingsOf(ip, first).entry === 'at-once' ? first : undefined
}
