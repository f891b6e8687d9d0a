/**
 * What of an address counts as one party: all of an IPv4 address, behind which stands a household, and the first 64 bits of
 * an IPv6 one, which a household gets whole. An IPv4 address in IPv6's clothes counts as itself.
 */
export function networkOf(address: string | null): string {
  const text = address?.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase() ?? 'unknown'
  return text.includes(':') ? prefixOf(text) : text
}

/** The first four groups, with the zeros that `::` stands for, and without those in front of a group. */
function prefixOf(address: string): string {
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const zeros = 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  return [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => '0')]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
