/** The coarse parts of a browser that survive its updates: enough to notice another browser, too little to track a person. */
export interface BrowserKind {
  readonly family: 'chromium' | 'firefox' | 'webkit' | 'other'
  readonly os: 'windows' | 'macos' | 'linux' | 'android' | 'ios' | 'chromeos' | 'other'
  readonly mobile: boolean
}

/** Reads the kind of browser from a `User-Agent`. Names and versions for people are a matter of the application. */
export function browserKind(userAgent: string): BrowserKind {
  return {
    family: familyOf(userAgent),
    os: osOf(userAgent),
    mobile: /Mobi|Android|iPhone|iPad/.test(userAgent),
  }
}

function familyOf(userAgent: string): BrowserKind['family'] {
  if (/Firefox\/|FxiOS\//.test(userAgent)) return 'firefox'
  if (/Chrom(?:e|ium)\/|CriOS\/|HeadlessChrome\//.test(userAgent)) return 'chromium'
  if (/AppleWebKit\//.test(userAgent)) return 'webkit'
  return 'other'
}

function osOf(userAgent: string): BrowserKind['os'] {
  if (/Windows/.test(userAgent)) return 'windows'
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios'
  if (/Android/.test(userAgent)) return 'android'
  if (/CrOS/.test(userAgent)) return 'chromeos'
  if (/Mac OS X|Macintosh/.test(userAgent)) return 'macos'
  if (/Linux|X11/.test(userAgent)) return 'linux'
  return 'other'
}

/**
 * Whether a client says that it is a crawler, a link previewer or a monitor. Only honest ones do: it spares a row each,
 * and guards nothing. Command-line clients are not among them, since people use those.
 */
export function isBot(userAgent: string | null): boolean {
  return userAgent !== null && bots.test(userAgent)
}

/** Most of them end in `bot`, as the phones of Cubot do. */
const bots = new RegExp(
  `(?<!cu)bots?(?![a-z])|crawl|spider|slurp
  |mediapartners-google|google-(?:inspectiontool|read-aloud|safety)|googleother|feedfetcher|apis-google|google favicon
  |facebookexternalhit|meta-externalagent|whatsapp/|bingpreview|skypeuripreview|embedly|ia_archiver|chatgpt-user|yandeximages
  |statuscake|site24x7|kube-probe|elb-healthchecker|googlehc|route53-health-check|chrome-lighthouse`.replace(
    /\s*\n\s*/g,
    '',
  ),
  'i',
)
