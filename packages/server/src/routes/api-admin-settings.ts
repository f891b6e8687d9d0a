import { type InferOutput, safeParse } from 'valibot'
import { refuse } from '../answer.ts'
import {
  changeBody,
  historyQuery,
  historySchema,
  layerQuery,
  layerSchema,
  savedSchema,
  undoBody,
  undoneSchema,
} from '../api/settings-schemas.ts'
import type { Asked, Parts } from '../parts.ts'
import { enteredOf, expectedOf, readSetting } from '../settings/read-setting.ts'
import type { Refusal, Wanted } from '../settings/change-settings.ts'
import { install, type Layer, layerOf } from '../settings/layer.ts'
import { saveSettings, saveUndo } from '../settings/save-settings.ts'
import { type Setting, type SettingName, settingOf } from '../settings/setting.ts'
import { readLayer, readRevisions, type Revision, type SettingChange } from '../settings/stored-settings.ts'
import { noSuchAccount } from './named-account.ts'
import { refuseAbove } from './nova-users.ts'
import { revisionOf } from './nova-settings.ts'
import type { Route } from './route.ts'
import { settingsFor } from './settings-place.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

const path = '/api/v1/admin/settings'

/** The settings for programs: `users` is the layer of everybody, as on the page; `layer` any other. */
export const apiAdminSettingsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${path}/users`,
    access: 'store-admin',
    api: { summary: 'What is set for everybody.', answers: { 200: layerSchema } },
    handle: (asked, parts) => tell(asked, parts, install),
  },
  {
    method: 'POST',
    path: `${path}/users`,
    access: 'store-admin',
    body: 'json',
    api: { summary: 'Sets for everybody.', request: changeBody, answers: { 200: savedSchema } },
    handle: (asked, parts) => take(asked, parts, install),
  },
  {
    method: 'GET',
    path: `${path}/layer`,
    access: 'super-admin',
    api: { summary: 'What is set in a layer.', query: layerQuery, answers: { 200: layerSchema } },
    handle: inLayer(tell),
  },
  {
    method: 'POST',
    path: `${path}/layer`,
    access: 'super-admin',
    body: 'json',
    api: {
      summary: 'Sets in a layer.',
      query: layerQuery,
      request: changeBody,
      answers: { 200: savedSchema },
    },
    handle: inLayer(take),
  },
  {
    method: 'GET',
    path: '/api/v1/admin/users/:id/limit',
    access: 'store-admin',
    api: { summary: 'The limit that a person has of their own.', answers: { 200: layerSchema } },
    handle: ofPerson(tell),
  },
  {
    method: 'POST',
    path: '/api/v1/admin/users/:id/limit',
    access: 'store-admin',
    body: 'json',
    api: {
      summary: 'Sets the limit that a person has of their own.',
      request: changeBody,
      answers: { 200: savedSchema },
    },
    handle: ofPerson(take),
  },
  {
    method: 'GET',
    path: `${path}/history`,
    access: 'super-admin',
    api: {
      summary: 'Every change of the settings, newest first.',
      query: historyQuery,
      answers: { 200: historySchema },
    },
    handle: tellHistory,
  },
  {
    method: 'POST',
    path: `${path}/undo`,
    access: 'super-admin',
    body: 'json',
    api: { summary: 'Puts back what a revision changed.', request: undoBody, answers: { 200: undoneSchema } },
    handle: undo,
  },
]

type Handle = (asked: Asked, parts: Parts, layer: Layer) => Promise<Response>

function inLayer(handle: Handle): Route['handle'] {
  return (asked, parts) => {
    const layer = layerOf(asked.req.query('kind') ?? '', asked.req.query('name') ?? '')
    if (layer === undefined || layer.kind === 'subject')
      return refuse(
        asked,
        400,
        'invalid_request',
        'Expected kind (install, realm, app, role, method, integration) and name.',
      )
    return handle(asked, parts, layer)
  }
}

function ofPerson(handle: Handle): Route['handle'] {
  return async (asked, parts) => {
    const account = await parts.accounts.find(asked.req.param('id') ?? '')
    if (account === undefined) return noSuchAccount(asked)
    return refuseAbove(asked, account) ?? handle(asked, parts, { kind: 'subject', name: account.id })
  }
}

async function tell(asked: Asked, { database }: Parts, layer: Layer): Promise<Response> {
  const state = await readLayer(database, layer)
  if (state === undefined) return noSuchAccount(asked)
  const shown = settingsFor(signedIn(asked), layer).map((setting) => {
    const stored = state.values.get(setting.name)
    return {
      option: setting.name,
      value: shownOf(setting, stored),
      says: setting.says,
      expected: expectedOf(setting),
    }
  })
  return asked.json({ ...layer, revision: state.revision, settings: shown })
}

async function take(asked: Asked, parts: Parts, layer: Layer): Promise<Response> {
  const refused = refuseSensitive(asked, parts, '/')
  if (refused !== undefined) return refused
  const read = safeParse(changeBody, await asked.req.json().catch(() => undefined))
  if (!read.success)
    return refuse(
      asked,
      400,
      'invalid_request',
      'Expected revision, set, unset, note, standing ("end" or "later").',
    )
  const wanted = wantedBy(asked, layer, read.output)
  if (typeof wanted === 'string') return refuse(asked, 400, 'invalid_setting', wanted)
  const outcome = await saveSettings(parts, wanted, read.output.standing)
  if (outcome.state !== 'saved') return refusal(asked, outcome)
  const { revision, changes, ended } = outcome
  return asked.json({ revision, changes: changes.map(changeView), ended })
}

/** What a program wants, or the sentence that refuses it. */
export function wantedBy(
  asked: Asked,
  layer: Layer,
  body: Omit<InferOutput<typeof changeBody>, 'standing'>,
): Wanted | string {
  const who = signedIn(asked)
  const known = settingsFor(who, layer)
  const values = new Map<SettingName, string | null>()
  for (const [name, written] of [
    ...Object.entries(body.set),
    ...body.unset.map((name) => [name, undefined] as const),
  ]) {
    const setting = known.find((one) => one.name === name)
    if (setting === undefined) return `${name}: expected one of ${known.map((one) => one.name).join(', ')}`
    const read = written === undefined ? { value: null } : readSetting(setting, written)
    if ('expected' in read) return `${name}: expected ${read.expected}`
    values.set(setting.name, read.value)
  }
  return { layer, seen: body.revision, values, by: who.id, note: body.note }
}

export function refusal(asked: Asked, outcome: Refusal): Response {
  switch (outcome.state) {
    case 'gone':
      return noSuchAccount(asked)
    case 'unchanged':
      return refuse(asked, 409, 'unchanged', 'This is how it is already.')
    case 'refused': {
      const { option, sentence } = outcome.fault
      return refuse(asked, 400, 'invalid_setting', option === undefined ? sentence : `${option}: ${sentence}`)
    }
    case 'outdated':
      return asked.json(
        {
          type: 'about:blank',
          title: 'Conflict',
          status: 409,
          error: 'changed_since',
          reason: 'changed_since',
          detail: 'Somebody else has changed this meanwhile: see since.',
          since: outcome.since.map(revisionView),
        },
        409,
        { 'content-type': 'application/problem+json' },
      )
  }
}

async function tellHistory(asked: Asked, { database }: Parts): Promise<Response> {
  const before = revisionOf(asked.req.query('before'))
  const revisions = await readRevisions(database, { limit: 100, ...(before === undefined ? {} : { before }) })
  return asked.json({ revisions: revisions.map(revisionView) })
}

async function undo(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, '/')
  if (refused !== undefined) return refused
  const read = safeParse(undoBody, await asked.req.json().catch(() => undefined))
  if (!read.success) return refuse(asked, 400, 'invalid_request', 'Expected revision and note.')
  const outcome = await saveUndo(parts, { ...read.output, by: signedIn(asked).id })
  if (outcome === undefined) return refuse(asked, 404, 'not_found', 'There is no such revision.')
  if (outcome.state !== 'saved') return refusal(asked, outcome)
  return asked.json({ revision: outcome.revision, changes: outcome.changes.map(changeView) })
}

function revisionView({ revision, layer, author, madeAt, note, changes, undoes }: Revision) {
  return { revision, ...layer, by: author, at: madeAt, note, changes: changes.map(changeView), undoes }
}

export function changeView({ option, before, after }: SettingChange) {
  const setting = settingOf(option)
  if (setting === undefined) return { option, before, after }
  return { option, before: shownOf(setting, before), after: shownOf(setting, after) }
}

/** As it is entered; `null`: not set. */
function shownOf(setting: Setting, value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : enteredOf(setting, value)
}
