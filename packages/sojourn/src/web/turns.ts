import { Turn } from './turn.ts'

/** Acts that run one after the other, in the order in which they were asked for. */
export class Turns {
  #last: Promise<void> | undefined
  readonly #failed: { readonly turn: Turn<unknown>; readonly error: unknown }[] = []

  /** Whether anything was ever asked for. */
  get used(): boolean {
    return this.#last !== undefined
  }

  take<T>(act: () => Promise<T>): Turn<T> {
    const last = this.#last
    const turn = new Turn<T>((resolve) => resolve(last === undefined ? act() : last.then(act)))
    // Whoever asked hears how it failed; the next act runs all the same.
    this.#last = turn.ended((error) => void this.#failed.push({ turn, error }))
    return turn
  }

  /** Throws what failed first of all that nobody has waited for; once. */
  refuseUnheard(): void {
    const unheard = this.#failed.splice(0).find(({ turn }) => !turn.isHeard)
    if (unheard !== undefined) throw unheard.error
  }
}
