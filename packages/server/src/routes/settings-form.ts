import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { settingsConfirm, settingsForm } from '../pages/nova-settings.ts'
import { sourceWords } from '../pages/nova-effective-policy.ts'
import { settingsAround } from '../pages/settings-around.ts'
import type { AccountNames } from '../pages/revision-words.ts'
import type { Asked, Parts } from '../parts.ts'
import { affectedSessions } from '../settings/affected-sessions.ts'
import { judgeChange, type Refusal, type Wanted } from '../settings/change-settings.ts'
import type { PolicyFault } from '../settings/check-policy.ts'
import { readEntered, valuesBefore } from '../settings/read-changes.ts'
import { enteredOf } from '../settings/read-setting.ts'
import { groundOf, saveSettings } from '../settings/save-settings.ts'
import type { LayerState, Revision } from '../settings/stored-settings.ts'
import { lookAt, type SettingsPlace } from './settings-place.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

/** What a form is shown with beside the values that are stored. */
interface Given {
  readonly fields?: URLSearchParams
  readonly errors?: ReadonlyMap<string, string>
  readonly error?: string
  readonly since?: readonly Revision[]
}

/** The form for a layer. */
export async function showSettings(
  asked: Asked,
  parts: Parts,
  place: SettingsPlace,
  given: Given = {},
): Promise<Response> {
  const refused = refuseSensitive(asked, parts, place.path)
  if (refused !== undefined) return refused
  const looked = await lookAt(parts, place)
  if (looked === undefined) return gone(asked)
  const { state, effective } = looked
  const { fields, errors, error, since } = given
  const saved = asked.req.query('saved')
  const markup = settingsForm({
    ...frameOf(asked),
    ...(saved !== undefined && { notice: { kind: 'success', text: 'Saved.' } }),
    ...place,
    action: place.path,
    revision: state.revision,
    note: fields?.get('note') ?? '',
    error,
    since,
    more: place.layer.kind === 'install' ? settingsAround() : undefined,
    names: await namesOf(parts, since ?? []),
    fields: place.settings.map((setting) => {
      const now = effective.get(setting.name)
      const stored = state.values.get(setting.name)
      return {
        setting,
        entered: fields?.get(setting.name) ?? (stored === undefined ? '' : enteredOf(setting, stored)),
        now: now === undefined ? 'nothing' : `${now.shown}, ${sourceWords(now)}`,
        error: errors?.get(setting.name),
      }
    }),
  })
  const isWrong = error !== undefined || errors !== undefined
  return pageAnswer(asked, markup, since !== undefined ? 409 : isWrong ? 400 : 200)
}

/** Takes the form: first shows what it does, then, confirmed, does it. */
export async function takeSettings(asked: Asked, parts: Parts, place: SettingsPlace): Promise<Response> {
  const refused = refuseSensitive(asked, parts, place.path)
  if (refused !== undefined) return refused
  const fields = new URLSearchParams(await asked.req.text())
  const { values, errors } = readEntered(place.settings, fields)
  const seen = fields.get('revision') ?? ''
  const note = (fields.get('note') ?? '').trim()
  if (!/^\d{1,9}$/.test(seen) || !/^[^\p{Cc}]{0,200}$/u.test(note))
    return refuse(asked, 400, 'invalid_request', 'Expected the fields of the form, and a note of one line.')
  if (errors.size > 0) return showSettings(asked, parts, place, { fields, errors })
  const wanted = { layer: place.layer, seen: Number(seen), values, by: signedIn(asked).id, note }
  if (fields.get('confirmed') !== 't') return confirm(asked, parts, place, { wanted, fields })
  const outcome = await saveSettings(parts, wanted, fields.get('standing') === 't' ? 'end' : 'later')
  if (outcome.state === 'saved') return seeOther(asked, `${place.path}?saved=${outcome.revision}`)
  return again(asked, parts, place, { wanted, fields, outcome })
}

interface Sent {
  readonly wanted: Wanted
  readonly fields: URLSearchParams
}

async function confirm(asked: Asked, parts: Parts, place: SettingsPlace, sent: Sent): Promise<Response> {
  const { wanted, fields } = sent
  const judgement = await judgeChange(groundOf(parts), wanted)
  if (judgement.state !== 'ready') return again(asked, parts, place, { ...sent, outcome: judgement })
  const affected = await affectedSessions(parts.sessions, place.layer, judgement)
  const kept = new Set<string>([...place.settings.map(({ name }) => name), 'revision', 'note'])
  const posted = [...fields].filter(([name]) => kept.has(name))
  const { changes } = judgement
  const { title, path } = place
  return pageAnswer(
    asked,
    settingsConfirm({ ...frameOf(asked), title, action: path, changes, affected, posted }),
  )
}

function again(
  asked: Asked,
  parts: Parts,
  place: SettingsPlace,
  { wanted, fields, outcome }: Sent & { readonly outcome: Refusal },
): Response | Promise<Response> {
  switch (outcome.state) {
    case 'gone':
      return gone(asked)
    case 'unchanged':
      return seeOther(asked, place.path)
    case 'refused':
      return showSettings(asked, parts, place, { fields, ...placed(outcome.fault, place) })
    case 'outdated':
      return merged(asked, parts, place, { wanted, fields, since: outcome.since })
  }
}

/** What they changed themselves stays in the form; of all else it shows what others have made of it. */
async function merged(
  asked: Asked,
  parts: Parts,
  place: SettingsPlace,
  { wanted, fields, since }: Sent & { readonly since: readonly Revision[] },
): Promise<Response> {
  const state: LayerState | undefined = (await lookAt(parts, place))?.state
  if (state === undefined) return gone(asked)
  const before = valuesBefore(state.values, since)
  const own = new URLSearchParams({ note: fields.get('note') ?? '' })
  for (const [option, value] of wanted.values)
    if (value !== (before.get(option) ?? null)) own.set(option, fields.get(option) ?? '')
  return showSettings(asked, parts, place, { fields: own, since })
}

/** At its field, where the form has it. */
function placed({ option, sentence }: PolicyFault, { settings }: SettingsPlace): Given {
  const text = `${sentence[0]?.toUpperCase()}${sentence.slice(1)}.`
  const field = settings.find(({ name }) => name === option)
  return field === undefined
    ? { error: option === undefined ? text : `${option}: ${text}` }
    : { errors: new Map([[field.name, text]]) }
}

function gone(asked: Asked): Response {
  return refuse(asked, 404, 'not_found', 'There is no such account any more.')
}

/** The names of who made changes, and of whom they are about. */
export function namesOf({ accounts }: Parts, revisions: readonly Revision[]): Promise<AccountNames> {
  return accounts.findAll(
    revisions.flatMap(({ author, layer }) => [author ?? '', layer.kind === 'subject' ? layer.name : '']),
  )
}
