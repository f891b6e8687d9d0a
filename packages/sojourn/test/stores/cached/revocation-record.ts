/** What was seen of one session, by a clock that nobody touches. */
export interface Verified {
  readonly id: string
  readonly node: string
  /** When the answer was there. */
  readonly answeredAt: number
  readonly isActive: boolean
}

/** A session that was said to be active later than the bound allows. */
export interface Breach extends Verified {
  readonly revokedAt: number
  readonly late: number
}

/** Everything that was revoked and verified in a run, and what of it breaks the bound. */
export class RevocationRecord {
  readonly #revoked = new Map<string, number>()
  readonly #verified: Verified[] = []

  /** The moment of the commit, or any before it: the first counts. */
  revoked(id: string, at: number): void {
    this.#revoked.set(id, Math.min(at, this.#revoked.get(id) ?? Infinity))
  }

  verified(verified: Verified): void {
    this.#verified.push(verified)
  }

  get operations(): number {
    return this.#revoked.size + this.#verified.length
  }

  get revocations(): number {
    return this.#revoked.size
  }

  /** How long after its revocation a session was still said to be active, for each time that one was. */
  get delays(): readonly number[] {
    return this.#late().map(({ late }) => late)
  }

  breaches(bound: number): readonly Breach[] {
    return this.#late().filter(({ late }) => late > bound)
  }

  #late(): readonly Breach[] {
    return this.#verified.flatMap((verified) => {
      const revokedAt = this.#revoked.get(verified.id)
      const late = verified.answeredAt - (revokedAt ?? Infinity)
      return revokedAt !== undefined && verified.isActive && late > 0
        ? [{ ...verified, revokedAt, late }]
        : []
    })
  }
}
