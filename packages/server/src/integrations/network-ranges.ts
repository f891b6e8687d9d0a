import { BlockList, isIP } from 'node:net'

/** The widest ranges that are taken: beyond them stand countries, not institutions. */
const widest = { ipv4: 8, ipv6: 16 } as const

type Range =
  | { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' }
  | { readonly fault: string }

/** What is wrong with a range, as a sentence, or `undefined`. */
export function rangeFault(text: string): string | undefined {
  const range = readRange(text)
  return 'fault' in range ? range.fault : undefined
}

/**
 * Whether an address stands in one of the ranges. An IPv4 address that an IPv6 socket has written is an IPv4 address. What
 * is no address stands in none.
 */
export function standsIn(address: string, ranges: readonly string[]): boolean {
  const family = familyOf(address)
  if (family === undefined) return false
  const list = new BlockList()
  for (const text of ranges) {
    const range = readRange(text)
    if ('fault' in range) continue
    list.addSubnet(range.address, range.bits, range.family)
  }
  return list.check(address, family)
}

/** `192.0.2.0/24`, `2001:db8::/32`; an address alone is a range of one. */
function readRange(text: string): Range {
  const [, address = '', written] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const family = familyOf(address)
  if (family === undefined)
    return { fault: `${text}: expected an address or a range such as 192.0.2.0/24 or 2001:db8::/32` }
  // It would hold for IPv4 addresses too, by a number of bits that means something else there.
  if (/^[0:]*:ffff:/i.test(address)) return { fault: `${text}: expected an IPv4 range written as one` }
  const most = family === 'ipv4' ? 32 : 128
  const bits = written === undefined ? most : Number(written)
  if (bits > most) return { fault: `${text}: expected at most /${most}` }
  if (bits < widest[family]) return { fault: `${text}: expected a range no wider than /${widest[family]}` }
  return { address, bits, family }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 4 ? 'ipv4' : version === 6 && !address.includes('%') ? 'ipv6' : undefined
}
