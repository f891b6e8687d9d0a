/** Longer ones are cut by browsers. */
const longest = 4_096

/** What is wrong with a page that may refer, as a sentence, or `undefined`. */
export function pageFault(text: string): string | undefined {
  const url = readPage(text)
  if (url === undefined)
    return `${text}: expected an origin such as https://portal.example.edu, with a path or without`
  if (url.search !== '' || url.hash !== '') return `${text}: expected no ? and no #`
  return undefined
}

/**
 * Whether a `Referer` is one of the pages: of the same scheme, host and port, and at its path or beneath it. All are read as
 * browsers read addresses, and the whole is compared, so that `https://good.example.evil.test` and
 * `https://good.example@evil.test` are what they are. What does not read, is opaque, or names a user is none of them.
 */
export function refersFrom(referer: string | undefined, pages: readonly string[]): boolean {
  const from = referer === undefined || referer.length > longest ? undefined : readPage(referer)
  if (from === undefined) return false
  return pages.some((text) => {
    const page = readPage(text)
    return page !== undefined && page.origin === from.origin && isWithin(from.pathname, page.pathname)
  })
}

function isWithin(path: string, root: string): boolean {
  const beneath = root.endsWith('/') ? root : `${root}/`
  return path === root || path.startsWith(beneath)
}

/** `undefined`: not an address of the web, or one that names a user. */
function readPage(text: string): URL | undefined {
  if (!/^https?:\/\/[^\s\\\p{Cc}]+$/iu.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.username === '' && url.password === '' ? url : undefined
}
