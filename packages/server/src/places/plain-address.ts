import { BlockList, isIP } from 'node:net'

/** An address in one spelling; one of IPv4 in IPv6's clothes is itself. `undefined`: it is none. */
export function plainAddress(text: string | null): string | undefined {
  const [address = ''] = (text ?? '').split('%')
  const version = isIP(address)
  if (version !== 6) return version === 4 ? address : undefined
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(plain) ?? []
  if (high === undefined || low === undefined) return plain
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16)
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.')
}

const local = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  local.ipv4.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  local.ipv6.addSubnet(network, bits, 'ipv6')

/** Whether a plain address is of this machine (loopback), its network (private) or its cable (link-local). */
export function isLocal(address: string): boolean {
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  return local[family].check(address, family)
}
