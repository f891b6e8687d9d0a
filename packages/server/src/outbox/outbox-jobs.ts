import { minute, second } from 'sojourn/core'
import type { Clock } from 'sojourn'
import type { Job } from '../jobs/job.ts'
import { anyDue } from '../webhooks/claim.ts'
import { deliver, type DeliverParts } from '../webhooks/deliver.ts'
import type { Outbox } from './outbox.ts'
import { hasMore, type Intake, takeIn } from './take-in.ts'

export const deliveryJob = 'delivery'
export const intakeJob = 'intake'

/** What keeps the outbox: what was missed is taken in, what is due is sent, what is old goes. */
export function outboxJobs(
  outbox: Outbox,
  intake: Intake,
  delivering: DeliverParts,
  clock: Pick<Clock, 'now'>,
): readonly Job[] {
  return [
    {
      name: intakeJob,
      says: 'Takes in ends of sessions that the outbox was not told of: by other programs, or cut off.',
      // A store without a feed is looked through as a whole.
      every: intake.store.changes === undefined ? 10 * minute : 5 * second,
      isDue: () => hasMore(intake),
      run: async ({ signal }) => ({ rows: await takeIn(intake, signal) }),
    },
    {
      name: deliveryJob,
      says: 'Sends events to webhooks, with retries.',
      every: second,
      isDue: () => anyDue(delivering),
      run: async (turn) => ({ rows: await deliver(delivering, turn) }),
    },
    {
      name: 'outbox',
      says: 'Removes events that everybody has heard of.',
      every: 10 * minute,
      async run({ signal }) {
        let rows = 0
        for (;;) {
          const removed = await outbox.sweep(clock.now())
          rows += removed
          if (removed === 0 || signal.aborted) return { rows }
        }
      },
    },
  ]
}
