/**
 * A text of a client, which is not ours, without the password of the URL that it was given. That an error shows one is the
 * client's mistake; here it ends.
 */
export function withoutPassword(text: string, url: string): string {
  const [, written = ''] = /^[a-z+]+:\/\/[^:@/?#]*:([^@/?#]*)@/.exec(url) ?? []
  const spellings = [written, decoded(written)].filter((one) => one !== '')
  return spellings.reduce((rest, one) => rest.replaceAll(one, '[redacted]'), text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
