/** As much of what a client says as fits one line of a log. */
const longest = 300

/**
 * A text of a client, which is not ours, shortened and without the password of the URL that it was given. That an error shows one is the
 * client's mistake; here it ends.
 */
export function withoutPassword(text: string, url: string): string {
  const [, written = ''] = /^[a-z+]+:\/\/[^:@/?#]*:([^@/?#]*)@/.exec(url) ?? []
  const plain = decoded(written).toWellFormed()
  // A client may write it as it was, as it is, or as it would encode it.
  const spellings = [written, plain, encodeURIComponent(plain), encodeURI(plain)].filter((one) => one !== '')
  const redacted = spellings.reduce((rest, one) => rest.replaceAll(one, '[redacted]'), text)
  // Not before: half of a password would not be found.
  return redacted.slice(0, longest)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
