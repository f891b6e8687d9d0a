import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { historyPath, novaSettingsHistory } from '../pages/nova-settings-history.ts'
import type { Asked, Parts } from '../parts.ts'
import { saveUndo } from '../settings/save-settings.ts'
import { readRevisions } from '../settings/stored-settings.ts'
import type { Route } from './route.ts'
import { namesOf, showSettings, takeSettings } from './settings-form.ts'
import { installPlace } from './settings-place.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

const path = '/nova/settings/users'

/** Advanced Settings › Users, and everything that was changed there and in the policies. */
export const novaSettingsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: 'store-admin',
    handle: (asked, parts) => showSettings(asked, parts, installPlace(signedIn(asked), parts)),
  },
  {
    method: 'POST',
    path,
    access: 'store-admin',
    body: 'form',
    handle: (asked, parts) => takeSettings(asked, parts, installPlace(signedIn(asked), parts)),
  },
  { method: 'GET', path: historyPath, access: 'super-admin', handle: showHistory },
  { method: 'POST', path: `${historyPath}/:id/undo`, access: 'super-admin', body: 'form', handle: undo },
]

const pageSize = 50

async function showHistory(asked: Asked, parts: Parts): Promise<Response> {
  const before = revisionOf(asked.req.query('before'))
  const all = await readRevisions(parts.database, {
    limit: pageSize + 1,
    ...(before === undefined ? {} : { before }),
  })
  const revisions = all.slice(0, pageSize)
  const names = await namesOf(parts, revisions)
  const markup = novaSettingsHistory({
    ...frameOf(asked),
    ...(asked.req.query('undone') !== undefined && { notice: { kind: 'success', text: 'Undone.' } }),
    revisions,
    names,
    hasMore: all.length > pageSize,
  })
  return pageAnswer(asked, markup)
}

async function undo(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, historyPath)
  if (refused !== undefined) return refused
  const revision = revisionOf(asked.req.param('id'))
  const outcome =
    revision === undefined ? undefined : await saveUndo(parts, { revision, by: signedIn(asked).id, note: '' })
  switch (outcome?.state) {
    case undefined:
      return refuse(asked, 404, 'not_found', 'There is no such revision.')
    case 'saved':
      return seeOther(asked, `${historyPath}?undone=${outcome.revision}`)
    case 'unchanged':
      return seeOther(asked, historyPath)
    case 'gone':
      return refuse(asked, 404, 'not_found', 'There is no such account any more.')
    case 'outdated':
      return refuse(asked, 409, 'changed_since', 'What it set was changed again since. Undo that first.')
    case 'refused':
      return refuse(asked, 409, 'refused', `It does not fit any more: ${outcome.fault.sentence}.`)
  }
}

export function revisionOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
