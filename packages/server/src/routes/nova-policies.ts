import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { layerPath, novaPolicies } from '../pages/nova-policies.ts'
import { layerWords } from '../pages/revision-words.ts'
import type { Asked, Parts } from '../parts.ts'
import { composePolicy, layersIn } from '../settings/compose-policy.ts'
import { install, type Layer, layerOf } from '../settings/layer.ts'
import { readStored } from '../settings/stored-settings.ts'
import type { Route } from './route.ts'
import { showSettings, takeSettings } from './settings-form.ts'
import { settingsFor, type SettingsPlace } from './settings-place.ts'
import { signedIn } from './signed-in.ts'

const path = '/nova/policies'

/** The layers of the policy. A person's own stands with the person. */
export const novaPoliciesRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'super-admin', handle: (asked, parts) => showLayers(asked, parts) },
  { method: 'GET', path: `${path}/layer`, access: 'super-admin', handle: openLayer },
  { method: 'GET', path: `${path}/:kind/:name`, access: 'super-admin', handle: at(showSettings) },
  {
    method: 'POST',
    path: `${path}/:kind/:name`,
    access: 'super-admin',
    body: 'form',
    handle: at(takeSettings),
  },
]

async function showLayers(asked: Asked, { database, config }: Parts, error?: string): Promise<Response> {
  const stored = await readStored(database)
  const layers = [install, ...layersIn(composePolicy(config.policy, stored))]
  const markup = novaPolicies({ ...frameOf(asked), layers, stored, error })
  return pageAnswer(asked, markup, error === undefined ? 200 : 400)
}

function openLayer(asked: Asked, parts: Parts): Response | Promise<Response> {
  const layer = namedLayer(asked.req.query('kind'), asked.req.query('name')?.trim())
  if (layer !== undefined) return seeOther(asked, layerPath(layer))
  return showLayers(asked, parts, "Expected letters, digits, '_', '-', '.' or ':', at most 128.")
}

function at(
  handle: (asked: Asked, parts: Parts, place: SettingsPlace) => Promise<Response>,
): Route['handle'] {
  return (asked, parts) => {
    const layer = namedLayer(asked.req.param('kind'), asked.req.param('name'))
    if (layer === undefined) return refuse(asked, 404, 'not_found', 'There is no such layer.')
    const { kind, name } = layer
    const nobody = { realm: parts.sessions.realm, app: null, roles: [], method: null }
    return handle(asked, parts, {
      layer,
      path: layerPath(layer),
      title: layerWords(layer, new Map()),
      lead: 'What holds here instead of what holds for everybody. Of timeouts the tightest prevails.',
      settings: settingsFor(signedIn(asked), layer),
      scope: kind === 'role' ? { ...nobody, roles: [name] } : { ...nobody, [kind]: name },
    })
  }
}

function namedLayer(kind = '', name = ''): Layer | undefined {
  const layer = layerOf(kind, name)
  return layer?.kind === 'install' || layer?.kind === 'subject' ? undefined : layer
}
