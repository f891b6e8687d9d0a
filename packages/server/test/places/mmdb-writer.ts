import { BlockList, isIPv6 } from 'node:net'

/** What such a file can hold of what these tests need: https://maxmind.github.io/MaxMind-DB/ */
export type Data = string | number | bigint | readonly Data[] | { readonly [key: string]: Data }

export interface MmdbInput {
  /** The wider network before the narrower ones in it. */
  readonly networks: readonly (readonly [cidr: string, data: Data])[]
  readonly type?: string
  readonly description?: string
  /** Epoch seconds. */
  readonly builtAt?: number
  readonly recordSize?: 24 | 28 | 32
  readonly ipVersion?: 4 | 6
}

type Leaf = { readonly data: Data }
type Node = [left: Node | Leaf | undefined, right: Node | Leaf | undefined]

/** A file in the MaxMind DB format: a tree of bits, 16 zero bytes, the data, and the metadata behind its mark. */
export function mmdb(input: MmdbInput): Buffer {
  const { networks, recordSize = 28, ipVersion = 6 } = input
  const root: Node = [undefined, undefined]
  for (const [cidr, data] of networks) insert(root, bitsOf(cidr, ipVersion), { data })
  const nodes = numbered(root)
  const section = new DataSection()
  const value = (of: Node | Leaf | undefined): number => {
    if (of === undefined) return nodes.size
    if (isLeaf(of)) return nodes.size + 16 + section.place(of.data)
    return nodes.get(of) ?? 0
  }
  const tree = [...nodes.keys()].map(([left, right]) => record(value(left), value(right), recordSize))
  const about: { readonly [key: string]: Data } = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: BigInt(input.builtAt ?? 1_790_000_000),
    database_type: input.type ?? 'Test-City',
    description: { en: input.description ?? 'places of a test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.size,
    record_size: recordSize,
  }
  const mark = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
  return Buffer.concat([...tree, Buffer.alloc(16), section.bytes, mark, encode(about)])
}

function insert(root: Node, bits: readonly (0 | 1)[], leaf: Leaf): void {
  let node = root
  for (const [depth, bit] of bits.entries()) {
    if (depth === bits.length - 1) {
      node[bit] = leaf
      return
    }
    const next = node[bit]
    // What stands there already holds for both halves of what is narrower.
    const further: Node = next === undefined ? [undefined, undefined] : isLeaf(next) ? [next, next] : next
    node[bit] = further
    node = further
  }
}

function isLeaf(of: Node | Leaf): of is Leaf {
  return 'data' in of
}

function numbered(root: Node): ReadonlyMap<Node, number> {
  const nodes = new Map<Node, number>()
  const waiting = [root]
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    nodes.set(node, nodes.size)
    for (const child of node) if (child !== undefined && !isLeaf(child)) waiting.push(child)
  }
  return nodes
}

function record(left: number, right: number, size: 24 | 28 | 32): Buffer {
  const bytes = Buffer.alloc(size / 4)
  if (size === 32) {
    bytes.writeUInt32BE(left, 0)
    bytes.writeUInt32BE(right, 4)
    return bytes
  }
  bytes.writeUIntBE(left & 0xffffff, 0, 3)
  bytes.writeUIntBE(right & 0xffffff, size === 24 ? 3 : 4, 3)
  if (size === 28) bytes[3] = ((left >>> 24) << 4) | (right >>> 24)
  return bytes
}

/** Data that stands there already is pointed at. */
class DataSection {
  bytes = Buffer.alloc(0)
  readonly #places = new Map<Data, number>()

  place(data: Data): number {
    const known = this.#places.get(data)
    if (known !== undefined) return known
    const encoded = encode(data, (part) => this.#pointer(part))
    const at = this.bytes.length
    this.bytes = Buffer.concat([this.bytes, encoded])
    this.#places.set(data, at)
    return at
  }

  /** A map inside another stands apart, and the outer one points at it. */
  #pointer(part: Data): Buffer | undefined {
    if (typeof part !== 'object' || Array.isArray(part)) return undefined
    const at = this.place(part)
    if (at >= 2_048) throw new Error('more data than these short pointers reach')
    return Buffer.from([0x20 | (at >> 8), at & 0xff])
  }
}

function encode(data: Data, pointer: (part: Data) => Buffer | undefined = () => undefined): Buffer {
  const inner = (part: Data): Buffer => pointer(part) ?? encode(part, pointer)
  if (typeof data === 'string') {
    const text = Buffer.from(data)
    return Buffer.concat([control(2, text.length), text])
  }
  if (typeof data === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(data)
    return Buffer.concat([control(6, 4), bytes])
  }
  if (typeof data === 'bigint') {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(data)
    return Buffer.concat([control(9, 8), bytes])
  }
  if (isList(data)) return Buffer.concat([control(11, data.length), ...data.map(inner)])
  const entries = Object.entries(data)
  const parts = entries.flatMap(([key, value]) => [encode(key), inner(value)])
  return Buffer.concat([control(7, entries.length), ...parts])
}

function isList(data: Data): data is readonly Data[] {
  return Array.isArray(data)
}

function control(type: number, size: number): Buffer {
  if (size >= 285) throw new Error('longer than these tests need')
  const [length, ...more] = size < 29 ? [size] : [29, size - 29]
  return Buffer.from(type < 8 ? [(type << 5) | length, ...more] : [length, type - 7, ...more])
}

function bitsOf(cidr: string, version: 4 | 6): readonly (0 | 1)[] {
  const [address = '', length = ''] = cidr.split('/')
  new BlockList().addSubnet(address, Number(length), isIPv6(address) ? 'ipv6' : 'ipv4')
  const isSix = isIPv6(address)
  const bytes = isSix ? sixteen(address) : address.split('.').map(Number)
  const bits = bytes.flatMap((byte) =>
    [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (((byte >> shift) & 1) === 1 ? 1 : 0)),
  )
  const front = isSix || version === 4 ? [] : Array.from({ length: 96 }, () => 0 as const)
  return [...front, ...bits.slice(0, Number(length))]
}

function sixteen(address: string): readonly number[] {
  const [head = '', tail] = address.split('::')
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'))
  const front = groups(head)
  const back = groups(tail ?? '')
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0')
  return [...front, ...zeros, ...back].flatMap((group) => {
    const word = Number.parseInt(group, 16)
    return [word >> 8, word & 0xff]
  })
}
