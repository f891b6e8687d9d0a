import { BlockList, isIP, isIPv6 } from 'node:net'

/**
 * Addresses that no request to a place which somebody has typed in may reach: this machine, its network, and what only
 * looks like the Internet. Of IPv6 all but the global unicast range is refused, and of that what embeds or documents.
 */
const refused = {
  ipv4: listOf([
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
  ]),
  // Apart: a list takes an address of IPv4 for one of IPv6 too.
  ipv6: listOf(['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']),
} as const

/** A list of networks in CIDR form. Throws where one is none. */
export function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/')
    list.addSubnet(address, Number(bits), familyOf(address))
  }
  return list
}

/** Whether a text is a network in CIDR form. */
export function isCidr(text: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  return isIP(address) !== 0 && Number(bits) <= (isIPv6(address) ? 128 : 32)
}

/** Whether a request may go to an address: it is of the Internet, or of a network that the operator allows. */
export function mayReach(address: string, allowed: BlockList): boolean {
  const [plain = ''] = address.split('%')
  // An address of IPv4 in the clothes of IPv6 is what it is.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain
  const family = familyOf(mapped)
  return allowed.check(mapped, family) || !refused[family].check(mapped, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
