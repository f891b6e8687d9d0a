import type { MemoryRow } from './memory-row.ts'

/** Rows by a name that few of them have, such as a family. */
export class RowIndex {
  readonly #rows = new Map<string, Set<MemoryRow>>()

  add(name: string | null, row: MemoryRow): void {
    if (name === null) return
    const rows = this.#rows.get(name)
    if (rows === undefined) this.#rows.set(name, new Set([row]))
    else rows.add(row)
  }

  remove(name: string | null, row: MemoryRow): void {
    if (name === null) return
    const rows = this.#rows.get(name)
    rows?.delete(row)
    if (rows?.size === 0) this.#rows.delete(name)
  }

  get(name: string): readonly MemoryRow[] {
    return [...(this.#rows.get(name) ?? [])]
  }
}
