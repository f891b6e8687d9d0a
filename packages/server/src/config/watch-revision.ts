import type { Clock, Millis } from 'sojourn'

export interface RevisionWatch {
  readonly read: () => Promise<number>
  /** Hears of every revision that is new to this process; of several between two looks of the last one alone. */
  readonly changed: (revision: number) => Promise<void>
  /** A look or a change that failed. */
  readonly failed: (error: unknown) => void
  readonly every: Millis
  readonly clock: Pick<Clock, 'after'>
}

/**
 * Looks at a revision at once and then again and again. `changed` begins at most `every` after the revision was raised, or,
 * where that look failed, after the first one that does not. A change that failed is tried again at the next look. The first look counts as a change: whatever was raised since
 * the settings were read is not missed. Looks do not overlap. The function returned stops it, and waits for what is under way.
 */
export function watchRevision({ read, changed, failed, every, clock }: RevisionWatch): () => Promise<void> {
  let known: number | undefined
  let isStopped = false
  let callOff = (): void => {}
  const look = async (): Promise<void> => {
    try {
      const revision = await read()
      if (revision === known) return
      await changed(revision)
      known = revision
    } catch (error) {
      failed(error)
    }
  }
  // The next look is due `every` after this one began, and waits where this one takes longer.
  const go = (): void => {
    const begun = Promise.withResolvers<void>()
    callOff = clock.after(every, begun.resolve)
    const done = look()
    underWay = done
    void Promise.all([done, begun.promise]).then(() => {
      if (!isStopped) go()
    })
  }
  let underWay: Promise<void> = Promise.resolve()
  go()
  return async () => {
    isStopped = true
    callOff()
    await underWay
  }
}
