/**
 * What is wrong with an address at another site that people are sent to, or that this server asks, as a sentence, or
 * `undefined`. Over plain HTTP anybody on the way could answer in its place; to this machine itself nobody is on the way.
 */
export function webAddressFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLocal = url !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)
  if (url !== undefined && isSafe && url.username === '' && url.password === '' && url.hash === '')
    return undefined
  return 'Expected an address such as https://campus.example.edu/path, without a user, a password and a fragment.'
}
