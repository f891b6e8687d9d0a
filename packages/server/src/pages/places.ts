import { html, type Html } from './html.ts'
import type { Viewer } from './viewer.ts'

/** What a page belongs to, by the address that leads there. */
export type Place =
  | '/account'
  | '/account/security'
  | '/account/sessions'
  | '/nova/resources/auth-sessions'
  | '/nova/resources/users'
  | '/nova/settings/users'
  | '/nova/policies'
  | '/nova/integrations'
  | '/nova/api-keys'
  | '/nova/settings/history'
  | '/nova/jobs'
  | '/nova/webhooks'

type Seen = 'by everybody' | 'by administrators' | 'by Super Admins'

/** One part of the server, with the places that stand side by side in it; its first is where its name leads. */
interface Area {
  readonly name: string
  readonly places: readonly (readonly [to: Place, name: string, seen: Seen])[]
}

const areas: readonly Area[] = [
  {
    name: 'My Account',
    places: [
      ['/account/sessions', 'Sessions', 'by everybody'],
      ['/account', 'Sign-in', 'by everybody'],
      ['/account/security', 'Security', 'by everybody'],
    ],
  },
  { name: 'Sessions', places: [['/nova/resources/auth-sessions', 'Sessions', 'by Super Admins']] },
  { name: 'Users', places: [['/nova/resources/users', 'Users', 'by Super Admins']] },
  {
    name: 'Settings',
    places: [
      ['/nova/settings/users', 'Users', 'by administrators'],
      ['/nova/policies', 'Policies', 'by Super Admins'],
      ['/nova/integrations', 'Integrations', 'by Super Admins'],
      ['/nova/api-keys', 'API keys', 'by Super Admins'],
      ['/nova/settings/history', 'History', 'by Super Admins'],
    ],
  },
  {
    name: 'Operations',
    places: [
      ['/nova/jobs', 'Jobs', 'by Super Admins'],
      ['/nova/webhooks', 'Webhooks', 'by Super Admins'],
    ],
  },
]

/** The main navigation. */
export function mainPlaces(viewer: Viewer, current: Place | undefined): Html {
  return html`${areas.map((area) => {
    const [first] = seenOf(area, viewer)
    return (
      first !== undefined &&
      link(first[0], area.name, isIn(area, current) && first[0] === current, isIn(area, current))
    )
  })}`
}

/** The places beside this one, where there are any. */
export function placesAround(viewer: Viewer, current: Place | undefined): Html | false {
  const area = areas.find((one) => isIn(one, current))
  const beside = area === undefined ? [] : seenOf(area, viewer)
  if (area === undefined || beside.length < 2) return false
  return html`<nav class="around" aria-label="${area.name}">
    ${beside.map(([to, name]) => link(to, name, to === current, to === current))}
  </nav>`
}

/** `isHere`: it leads to this very page; `isChosen`: it is marked. */
function link(to: Place, name: string, isHere: boolean, isChosen: boolean): Html {
  return html`<a href="${to}" ${isChosen && html` aria-current="${isHere ? 'page' : 'true'}"`}>${name}</a>`
}

function isIn({ places }: Area, current: Place | undefined): boolean {
  return places.some(([to]) => to === current)
}

function seenOf({ places }: Area, { isAdmin, isStoreAdmin = false }: Viewer): Area['places'] {
  const sees = {
    'by everybody': true,
    'by administrators': isAdmin || isStoreAdmin,
    'by Super Admins': isAdmin,
  }
  return places.filter(([, , seen]) => sees[seen])
}
