import Bowser from 'bowser'
import { isbot } from 'isbot'

export type DeviceType = 'desktop' | 'mobile' | 'tablet' | 'tv' | 'bot' | 'unknown'

/** What a user agent says of itself, in words for people: a hint, never proof. Versions are left out: they age in a list. */
export interface Device {
  readonly type: DeviceType
  /** `Unknown` where it cannot be read. */
  readonly browser: string
  /** `Unknown` where it cannot be read. An iPad that asks for desktop pages calls itself a Mac. */
  readonly os: string
  /** Both in one phrase: `Firefox on Windows`. */
  readonly label: string
}

/** A longer user agent is cut before it is read: the words that matter stand in front, and parsing stays cheap. */
const mostCharacters = 512
const mostRemembered = 1_000

/** Least recently asked first. */
const remembered = new Map<string, Device>()

/** Reads a `User-Agent` header. */
export function deviceOf(userAgent: string | null): Device {
  const text = (userAgent ?? '').slice(0, mostCharacters).trim()
  const device = remembered.get(text) ?? read(text)
  remembered.delete(text)
  remembered.set(text, device)
  const [oldest] = remembered.keys()
  if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest)
  return device
}

function read(text: string): Device {
  if (text === '') return unknown
  return isbot(text) ? program(text) : person(text)
}

/**
 * `isbot` is true of all that no browser would send, garbage included. Only what gives its name, as a browser without a
 * window, as `(compatible; Name/1.0)` or as `name/1.0` in front, is called a program.
 */
function program(text: string): Device {
  const { browser, os, platform } = Bowser.parse(text)
  const on = systemOf(text, os.name)
  if (text.includes('HeadlessChrome/')) return device('bot', 'Headless Chrome', on)
  const name =
    (platform.type === 'bot' ? browserNames.get(browser.name ?? '') : undefined) ??
    /\(compatible; ([\w.-]{2,40})[/;)]/.exec(text)?.[1] ??
    /^(?!Mozilla\/)([A-Za-z][\w.-]{1,39})\/\d/.exec(text)?.[1]
  return name === undefined ? unknown : device('bot', name, 'Unknown')
}

function person(text: string): Device {
  const { browser, os, platform } = Bowser.parse(text)
  const name = isEmbedded(text) ? 'In-app browser' : browserNames.get(browser.name ?? '')
  return device(typeOf(text, platform.type), name ?? 'Unknown', systemOf(text, os.name))
}

/** The browsers that are known. The parser calls others by any text that stands where a name would. */
const browserNames: ReadonlyMap<string, string> = new Map([
  ...Object.values(Bowser.BROWSER_MAP).map((name) => [name, name] as const),
  ['Microsoft Edge', 'Edge'],
  ['Samsung Internet for Android', 'Samsung Internet'],
  ['WebOS Browser', 'TV browser'],
])

/** A browser inside another application: Android says `wv`; on iOS the word `Safari/` is missing. */
function isEmbedded(text: string): boolean {
  return (
    /; wv\)/.test(text) ||
    /\[FB|\bFBAN\/|Instagram/.test(text) ||
    /\((?:iPhone|iPad|iPod)(?!.*Safari\/)/.test(text)
  )
}

function systemOf(text: string, name: string | undefined): string {
  if (/\(iPad; CPU OS (?:1[3-9]|[2-9]\d)_/.test(text)) return 'iPadOS'
  if (/PlayStation/.test(text)) return 'PlayStation'
  if (name === 'Chrome OS') return 'ChromeOS'
  if (name === 'WebOS') return 'webOS'
  return name ?? /\b(?:Free|Open|Net)BSD\b/.exec(text)?.[0] ?? 'Unknown'
}

function typeOf(text: string, type: string | undefined): DeviceType {
  if (/\bTV\b|SMART-TV|SmartTV|HbbTV|GoogleTV|BRAVIA|\bAFT[A-Z]|CrKey|PlayStation|Xbox/.test(text))
    return 'tv'
  switch (type) {
    case 'desktop':
    case 'mobile':
    case 'tablet':
    case 'tv':
      return type
    case undefined:
      return text.includes('(X11;') ? 'desktop' : 'unknown'
    default:
      return 'unknown'
  }
}

function device(type: DeviceType, browser: string, os: string): Device {
  if (browser === 'Unknown' && os === 'Unknown') return { ...unknown, type }
  const label = os === 'Unknown' ? browser : `${browser === 'Unknown' ? 'Unknown browser' : browser} on ${os}`
  return { type, browser, os, label }
}

const unknown: Device = { type: 'unknown', browser: 'Unknown', os: 'Unknown', label: 'Unknown device' }
