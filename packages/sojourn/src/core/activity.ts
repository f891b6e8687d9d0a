import { invalidOption } from './errors.ts'

/**
 * What a request is to a session. `active`: somebody is there, and the session is extended. `passive`: it is answered with
 * the session, and never extends it. `ignored`: it is nobody's visit; no session is read for it, and none is begun.
 */
export type ActivityClass = 'active' | 'passive' | 'ignored'

/** What one request says of itself. Headers are the client's word: at worst it keeps its own session alive. */
export interface RequestSigns {
  readonly method: string
  /** The path of the URL, without its query. */
  readonly path: string
  /** `Sec-Fetch-Dest`. */
  readonly destination: string | undefined
  /** `Sec-Fetch-Mode`. */
  readonly mode: string | undefined
  /** `Sec-Purpose`. */
  readonly purpose: string | undefined
  /** `X-Session-Activity`. */
  readonly said: string | undefined
}

/** Sets the class of what it matches. */
export interface ActivityRule {
  /** A whole path; `*` stands for any run of characters: `/assets/*`, `*.svg`. */
  readonly path: string
  /** Only requests of this method. */
  readonly method?: string
  readonly as: ActivityClass
}

/** What a browser loads by itself: it follows a navigation that has counted. Frames are not here: people click in them. */
const byItself = new Set(
  `audio audioworklet dictionary font image json manifest paintworklet report script serviceworker sharedworker
   speculationrules style track video webidentity worker xslt`.split(/\s+/),
)

/** Nobody's click: preflights, and what asks without wanting a page. */
const unseenMethods = new Set(['OPTIONS', 'HEAD', 'TRACE'])

/**
 * The class of a request. In this order: a rule that makes it passive or ignored, since the application knows best what
 * polls; a prefetch, which nobody has looked at; a rule that makes it active; what the client says with
 * `X-Session-Activity`; what browsers load, send (`sendBeacon`, `ping`, bound-session refreshes) and ask by themselves.
 * All else is active.
 */
export function activityOf(signs: RequestSigns, rules: readonly ActivityRule[] = []): ActivityClass {
  const { method, destination, mode, purpose, said } = signs
  const ruled = rules.find((rule) => matches(rule, signs))?.as
  if (ruled === 'passive' || ruled === 'ignored') return ruled
  if (isAhead(purpose)) return 'passive'
  if (ruled === 'active') return ruled
  if (said !== undefined) return said === 'active' ? 'active' : 'passive'
  if (unseenMethods.has(method)) return 'passive'
  if (destination === undefined) return 'active'
  if (byItself.has(destination)) return 'passive'
  // Scripts that wait for an answer ask in another mode.
  return destination === 'empty' && mode === 'no-cors' ? 'passive' : 'active'
}

/** Whether the browser fetches or renders a page before anybody has asked to see it, by its `Sec-Purpose`. */
export function isAhead(purpose: string | undefined): boolean {
  return purpose?.includes('prefetch') === true
}

/** The rules as they are used, or `invalid_option` with the path of what does not read. */
export function readActivityRules(written: unknown, path: string): readonly ActivityRule[] {
  if (!Array.isArray(written)) throw invalidOption(path, 'a list of rules such as { path, as }', written)
  return Object.freeze(written.map((rule: unknown, index) => readRule(rule, `${path}[${index}]`)))
}

function readRule(written: unknown, at: string): ActivityRule {
  if (typeof written !== 'object' || written === null)
    throw invalidOption(at, "a rule such as { path: '/poll', as: 'passive' }", written)
  const { path, method, as, ...rest } = written as { readonly [key: string]: unknown }
  const [strange] = Object.keys(rest)
  if (strange !== undefined) throw invalidOption(`${at}.${strange}`, 'one of path, method, as', strange)
  if (typeof path !== 'string' || !/^[/*]/.test(path))
    throw invalidOption(`${at}.path`, "a path that begins with '/' or '*'", path)
  if (method !== undefined && (typeof method !== 'string' || !/^[A-Z]+$/.test(method)))
    throw invalidOption(`${at}.method`, 'a method in capitals', method)
  if (as !== 'active' && as !== 'passive' && as !== 'ignored')
    throw invalidOption(`${at}.as`, 'one of active, passive, ignored', as)
  return Object.freeze({ path, as, ...(method === undefined ? {} : { method }) })
}

function matches(rule: ActivityRule, { method, path }: RequestSigns): boolean {
  return (rule.method === undefined || rule.method === method) && matchesPattern(rule.path, path)
}

/** Part by part from the left, each at its first place: as good as any other for `*`, and in one pass. */
function matchesPattern(pattern: string, path: string): boolean {
  const [first = '', ...parts] = pattern.split('*')
  const last = parts.pop()
  if (last === undefined) return pattern === path
  if (!path.startsWith(first)) return false
  let from = first.length
  for (const part of parts) {
    const found = path.indexOf(part, from)
    if (found === -1) return false
    from = found + part.length
  }
  return path.length - last.length >= from && path.endsWith(last)
}
