import type { JobState } from '../../src/jobs/jobs.ts'
import { novaJobs } from '../../src/pages/nova-jobs.ts'
import { novaWebhook } from '../../src/pages/nova-webhook.ts'
import { novaWebhooks } from '../../src/pages/nova-webhooks.ts'
import type { Viewer } from '../../src/pages/page.ts'
import type { Delivery } from '../../src/webhooks/deliveries.ts'
import type { Webhook } from '../../src/webhooks/webhook.ts'

/** The pages of jobs and webhooks in their states, full of one text. */
export function eventPages(text: string, viewer: Viewer, now: number): { readonly [name: string]: string } {
  const webhook: Webhook = {
    id: 'a-webhook',
    url: `https://example.com/${text}`,
    note: text,
    format: 'standard',
    events: ['session.ended'],
    audience: text,
    createdAt: now - 60_000,
    disabledAt: null,
    disabledWhy: null,
    failingSince: now - 60_000,
    previousUntil: now + 60_000,
  }
  const delivery: Delivery = {
    event: 'evt_1',
    endpoint: 'a-webhook',
    type: text,
    at: now,
    state: 'due',
    attempts: 1,
    nextAt: now + 60_000,
    lastAt: now,
    lastStatus: null,
    lastError: text,
  }
  const last: NonNullable<JobState['last']> = {
    node: text,
    startedAt: now - 10,
    endedAt: now,
    took: 10,
    rows: 3,
    said: text,
    error: text,
    nextAt: now + 60_000,
    isRunning: false,
  }
  const off = { ...webhook, disabledAt: now, disabledWhy: 'failing', format: 'caep' } as const
  const job = { name: 'work', says: text, every: 60_000 }
  return {
    jobs: novaJobs({
      viewer,
      now,
      dead: 2,
      jobs: [
        { ...job, last },
        { ...job, name: 'other', last: { ...last, isRunning: true } },
        { ...job, name: 'third', every: 1_000 },
      ],
    }),
    webhooks: novaWebhooks({ viewer, now, webhooks: [webhook, off] }),
    'webhooks, refused': novaWebhooks({
      viewer,
      now,
      webhooks: [],
      refused: { url: text, note: text, error: text },
    }),
    webhook: novaWebhook({
      viewer,
      now,
      webhook,
      dead: 2,
      deliveries: [delivery, { ...delivery, state: 'dead' }],
      secret: text,
    }),
    'webhook, disabled': novaWebhook({ viewer, now, webhook: off, dead: 0, deliveries: [] }),
  }
}
