import { endReasons } from 'sojourn'
import { problem } from 'sojourn/web'
import {
  array,
  type InferOutput,
  maxLength,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  record,
  safeParse,
  strictObject,
  string,
  union,
} from 'valibot'
import { refuse } from '../answer.ts'
import { problemSchema } from '../api/problem-schema.ts'
import { moment } from '../api/session-schemas.ts'
import { changesSchema, note, savedSchema, settingValue } from '../api/settings-schemas.ts'
import type { Asked, Parts } from '../parts.ts'
import { prepareTrial, type Trial, type Tried, tryChange } from '../plans/dry-run.ts'
import { openPlan } from '../plans/plan.ts'
import { layerKinds, layerOf } from '../settings/layer.ts'
import { saveSettings } from '../settings/save-settings.ts'
import { settingOf } from '../settings/setting.ts'
import { readLayer } from '../settings/stored-settings.ts'
import { changeView, refusal, wantedBy } from './api-admin-settings.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

const path = '/api/v1/admin/policies'

const tryBody = strictObject({
  kind: picklist(layerKinds.filter((kind) => kind !== 'subject')),
  name: optional(string(), ''),
  set: optional(record(string(), settingValue), {}),
  unset: optional(array(string()), []),
})
const applyBody = strictObject({
  plan: pipe(string(), maxLength(16_384)),
  note,
  /** Whether what the policy is against ends now, or at its next request. */
  standing: optional(picklist(['end', 'later']), 'later'),
})

const reason = picklist(endReasons)
const triedSchema = strictObject({
  changes: changesSchema,
  /** How many sessions it would sign out, of how many people, and for what. */
  affected: number(),
  people: number(),
  reasons: record(string(), number()),
  spared: number(),
  /** The first of them. */
  sample: array(
    strictObject({ id: string(), subject: nullable(string()), rule: string(), reason, ended_at: moment }),
  ),
  plan: string(),
  expires_at: moment,
})
const lineSchema = union([
  strictObject({ judged: number() }),
  strictObject({ result: triedSchema }),
  strictObject({ problem: problemSchema }),
])

/** A policy is tried first, which gives a plan; the plan is what is applied. */
export const apiAdminPlansRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${path}/dry-run`,
    access: 'super-admin',
    body: 'json',
    api: {
      summary: 'Whom a change of the policy would sign out, and a plan to apply it. Nothing is changed.',
      request: tryBody,
      answers: { 200: triedSchema },
      lines: lineSchema,
    },
    handle: dryRun,
  },
  {
    method: 'POST',
    path: `${path}/apply`,
    access: 'super-admin',
    body: 'json',
    api: { summary: 'Applies a plan.', request: applyBody, answers: { 200: savedSchema } },
    handle: apply,
  },
]

async function dryRun(asked: Asked, parts: Parts): Promise<Response> {
  const read = safeParse(tryBody, await asked.req.json().catch(() => undefined))
  const layer = read.success ? layerOf(read.output.kind, read.output.name) : undefined
  if (!read.success || layer === undefined)
    return refuse(asked, 400, 'invalid_request', 'Expected kind, name, set, unset.')
  const revision = (await readLayer(parts.database, layer))?.revision ?? 0
  const wanted = wantedBy(asked, layer, { ...read.output, revision, note: '' })
  if (typeof wanted === 'string') return refuse(asked, 400, 'invalid_setting', wanted)
  const trial = await prepareTrial(parts, wanted)
  if ('state' in trial) return refusal(asked, trial)
  if (asked.req.header('accept')?.includes('application/x-ndjson') === true)
    return asked.body(inLines(parts, trial), 200, { 'content-type': 'application/x-ndjson' })
  return asked.json(triedView(await tryChange(parts, trial, () => {})))
}

/** A line for every thousand sessions or so, then the result: many take their time. */
function inLines(parts: Parts, trial: Trial): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const line = (told: InferOutput<typeof lineSchema>) => encoder.encode(`${JSON.stringify(told)}\n`)
  return new ReadableStream({
    async start(controller) {
      try {
        const tried = await tryChange(parts, trial, (judged) => controller.enqueue(line({ judged })))
        controller.enqueue(line({ result: triedView(tried) }))
      } catch (error) {
        parts.log.error({ err: error }, 'a dry run failed')
        const { body } = problem(500, 'internal', 'internal', 'The dry run failed. Try again later.')
        controller.enqueue(line({ problem: JSON.parse(body) as InferOutput<typeof problemSchema> }))
      }
      controller.close()
    },
  })
}

const mostShown = 20

function triedView({ changes, simulation, plan, expiresAt }: Tried): InferOutput<typeof triedSchema> {
  const { affected, subjects, reasons, spared } = simulation
  return {
    changes: changes.map(changeView),
    affected: affected.length,
    people: subjects,
    reasons,
    spared,
    sample: affected.slice(0, mostShown).map(({ id, subject, rule, reason: why, endedAt }) => ({
      id,
      subject,
      rule,
      reason: why,
      ended_at: endedAt,
    })),
    plan,
    expires_at: expiresAt,
  }
}

/** Whoever applies a plan need not be who made it: four eyes see more. The log and the history name who applied it. */
async function apply(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, '/')
  if (refused !== undefined) return refused
  const read = safeParse(applyBody, await asked.req.json().catch(() => undefined))
  if (!read.success)
    return refuse(asked, 400, 'invalid_request', 'Expected plan, note, standing ("end" or "later").')
  const { plan: signed, note: noted, standing } = read.output
  const opened = openPlan(signed, parts.config.secret, parts.sessions.now())
  if (opened.state === 'forged')
    return refuse(asked, 400, 'plan_forged', 'This is no plan that this server made.')
  if (opened.state === 'expired')
    return refuse(asked, 409, 'plan_expired', 'The plan is too old. Try the policy again.')
  const { layer, seen, onto, values } = opened.plan
  const known = values.flatMap(([name, value]) => {
    const setting = settingOf(name)
    return setting === undefined ? [] : [[setting.name, value] as const]
  })
  const wanted = { layer, seen, onto, values: new Map(known), by: signedIn(asked).id, note: noted }
  const outcome = await saveSettings(parts, wanted, standing)
  if (outcome.state !== 'saved') return refusal(asked, outcome)
  parts.log.info(
    {
      event: 'policy.applied',
      by: wanted.by,
      planned_by: opened.plan.by,
      revision: outcome.revision,
      note: noted,
    },
    'an administrator applied a plan',
  )
  const { revision, changes, ended } = outcome
  return asked.json({ revision, changes: changes.map(changeView), ended })
}
