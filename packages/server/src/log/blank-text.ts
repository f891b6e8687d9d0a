/**
 * Secrets that tell themselves by their shape, wherever in a text they stand, and what is put in their place. Each takes a
 * time that grows with the text and no faster: what is logged may be anybody's.
 */
const shapes: readonly (readonly [shape: RegExp, instead: string])[] = [
  // A token of the library or of a link, in any alphabet: the id may stay, the rest goes.
  [/([\w-]{22}|[0-9a-v]{52})\.[\w-]{43,52}/g, '$1.[redacted]'],
  // An API key: its public id may stay.
  [/(sjk_[0-9a-f]{16})_[0-9a-f]{64}/g, '$1_[redacted]'],
  [/whsec_[\w+/=%-]{16,}/g, 'whsec_[redacted]'],
  // XML in base64, as SAML carries it: it begins with `<saml`, `<?xml` or `<Resp`.
  [/(?:PHNhbW|PD94bW|PFJlc3)[\w+/%-]{40,}={0,2}/g, '[redacted]'],
  // A recovery code.
  [/(?<![\w-])[a-z2-7]{4}(?:-[a-z2-7]{4}){3}(?![\w-])/gi, '[redacted]'],
  // Headers as text, to the end of their line.
  [/\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)("?\s*[:=]\s*)[^\r\n]+/gi, '$1$2[redacted]'],
  [/\b(bearer|basic) +[\w.~+/=-]{16,}/gi, '$1 [redacted]'],
  // A field of a query, a fragment or a form.
  [
    /(^|[?&#;\s"'])([\w.-]*(?:token|secret|password|signature)|code|state|nonce|samlresponse|samlrequest|relaystate|assertion|id_token_hint)=[^&#\s"']+/gi,
    '$1$2=[redacted]',
  ],
  // The password of an address.
  [/(:\/\/[^\s:@/]*:)[^\s@/]+@/g, '$1[redacted]@'],
]

/** Words with dots between, as JOSE writes what is signed or encrypted: id_tokens, logout tokens, security events. */
const dotted = /(?<![\w-])[\w-]{11,}\.[\w-]+(?:\.[\w-]*){0,3}/g
/** `{"` in base64url. */
const joseBegins = 'eyJ'

/** No line need be longer for anybody's text. */
const longest = 16_384

/** Shorter ones hold a secret only behind one of these. Most of what is logged is shorter. */
const shortest = 16
const before = /[=:]/

/** A text without what opens something, as far as its shape tells. */
export function blankText(text: string): string {
  if (text.length < shortest && !before.test(text)) return text
  let blanked = cut(text).replace(dotted, blankJose)
  for (const [shape, instead] of shapes) blanked = blanked.replace(shape, instead)
  return blanked
}

function blankJose(words: string): string {
  const begins = words.indexOf(joseBegins)
  return begins === -1 ? words : `${words.slice(0, begins)}[redacted]`
}

/** Half a secret does not tell itself: the word in which a text is cut goes as a whole. */
function cut(text: string): string {
  if (text.length <= longest) return text
  const kept = text.slice(0, longest)
  const lastWord = Math.max(...[' ', '\n', '"', '&', ',', ';'].map((end) => kept.lastIndexOf(end)))
  return `${kept.slice(0, lastWord + 1)}…`
}
