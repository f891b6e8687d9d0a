/** A place that shows a secret on purpose: an answer that gives it, the letter that it was sent in. */
export type Shown = object

interface Secret {
  readonly kind: string
  readonly text: string
  /** Where it may stand. */
  readonly shown: Set<Shown>
}

/** Something that was said to somebody. */
export interface Said {
  readonly where: string
  readonly text: string
  /** What it is of: what may be shown there is. */
  readonly of?: Shown
}

export interface Leak {
  readonly kind: string
  readonly where: string
  /** What stands around it. */
  readonly around: string
}

/** Shorter ones would be found by chance. */
const least = 12
const begins = 12

/** All secrets that were given out, and where they may stand. */
export class SecretBook {
  readonly #secrets = new Map<string, Secret>()

  /** Notes a secret; it may stand in `shown` and nowhere else. */
  note(kind: string, text: string, shown?: Shown): void {
    if (text.length < least) throw new Error(`${kind}: ${text.length} characters are no secret`)
    const secret = this.#secrets.get(text) ?? { kind, text, shown: new Set() }
    if (shown !== undefined) secret.shown.add(shown)
    this.#secrets.set(text, secret)
  }

  /** How many there are, by kind. */
  get counts(): { readonly [kind: string]: number } {
    const counts: Record<string, number> = {}
    for (const { kind } of this.#secrets.values()) counts[kind] = (counts[kind] ?? 0) + 1
    return counts
  }

  /** Where one of them stands, in any spelling, and may not. Every text is read once, however many secrets there are. */
  leaks(said: readonly Said[]): readonly Leak[] {
    const forms = new Map<string, { readonly form: string; readonly secret: Secret }[]>()
    for (const secret of this.#secrets.values())
      for (const form of spellings(secret.text)) {
        const begin = form.slice(0, begins)
        forms.set(begin, [...(forms.get(begin) ?? []), { form, secret }])
      }
    return said.flatMap((one) => leaksIn(one, forms))
  }
}

function leaksIn(
  { where, text, of }: Said,
  forms: ReadonlyMap<string, readonly { readonly form: string; readonly secret: Secret }[]>,
): readonly Leak[] {
  const leaks = new Map<Secret, Leak>()
  for (let at = 0; at + begins <= text.length; at++)
    for (const { form, secret } of forms.get(text.slice(at, at + begins)) ?? []) {
      if (!text.startsWith(form, at) || (of !== undefined && secret.shown.has(of))) continue
      const around = text.slice(Math.max(0, at - 60), at + 20)
      if (!leaks.has(secret)) leaks.set(secret, { kind: secret.kind, where, around })
    }
  return [...leaks.values()]
}

/** Every way in which a text may stand somewhere: as it is, escaped, and as its bytes, also in the midst of others. */
export function spellings(text: string): ReadonlySet<string> {
  const bytes = Buffer.from(text)
  const forms = [
    text,
    encodeURIComponent(text),
    encodeURIComponent(text).replaceAll('%20', '+'),
    encodeURIComponent(encodeURIComponent(text)),
    JSON.stringify(text).slice(1, -1),
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    ...asHex(bytes),
    ...withinBase64(bytes),
  ]
  // What is 32 random bytes in base64 may stand as those bytes in another alphabet.
  if (/^[\w+/-]{43}=?$/.test(text))
    forms.push(...asHex(Buffer.from(text, 'base64')), ...withinBase64(Buffer.from(text, 'base64')))
  return new Set(forms.filter((form) => form.length >= least))
}

function asHex(bytes: Uint8Array): readonly string[] {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex, hex.toUpperCase()]
}

/** In base64 three bytes are four letters: what of a text depends on nothing beside it, at each of the three places. */
function withinBase64(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const letters = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url')
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const core = letters.slice(Math.ceil((before * 8) / 6), whole)
    return [core, core.replaceAll('-', '+').replaceAll('_', '/')]
  })
}
