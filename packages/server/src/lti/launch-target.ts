import { returnTo } from 'sojourn/web'
import { advices, Distrust, told } from '../round-trips/distrust.ts'

export interface TargetRules {
  /** The origin of this server. */
  readonly origin: string
  /** Its addresses for launches, which platforms name where they want nothing in particular. */
  readonly launches: readonly string[]
  /** Whole paths, or with `*` at the end. */
  readonly targets: readonly string[]
}

/**
 * The path of this server that a launch leads to, or `null` for its start. Another origin, and a path that the integration
 * does not allow, throws `Distrust`: who may say where a person goes after their sign-in could send them to a trap.
 */
export function launchTarget(
  wanted: string | undefined,
  { origin, launches, targets }: TargetRules,
): string | null {
  if (wanted === undefined || wanted === '') return null
  const url = URL.canParse(wanted) ? new URL(wanted) : undefined
  const path = url?.origin === origin ? returnTo(url.pathname + url.search + url.hash) : undefined
  // Names and passwords in front of a host have no place here, and make addresses look like others.
  if (url === undefined || path === undefined || url.username !== '' || url.password !== '')
    throw refused(wanted, origin)
  const { pathname } = new URL(path, origin)
  if (pathname === '/' || launches.includes(pathname)) return null
  if (targets.some((target) => matches(target, pathname))) return path
  throw refused(wanted, origin)
}

function matches(target: string, pathname: string): boolean {
  return target.endsWith('*') ? pathname.startsWith(target.slice(0, -1)) : pathname === target
}

function refused(wanted: string, origin: string): Distrust {
  return new Distrust('target', {
    expected: `an address of ${origin} that the integration allows (“target_link_uri”)`,
    came: told(wanted),
    advice: advices.settings,
  })
}
